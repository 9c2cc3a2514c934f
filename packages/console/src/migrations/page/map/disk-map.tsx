import type { DiskMapView } from '@diskferry/protocol';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../service/service.ts';
import { useFormat } from '../../../words/use-format.ts';
import { sharesOf, shownMap, type ShownMap } from './shown-map.ts';
import { useDrawnMap } from './use-drawn-map.ts';

interface Props {
  readonly content: Schemas['DiskContent'];
  /** What a worker tells of this very disk, or was last seen of it. */
  readonly measured: DiskMapView | undefined;
}

/** The virtual disk as a grid of cells, from its start to its end. */
export function DiskMap({ content, measured }: Props) {
  const map = shownMap(content, measured);
  return map === undefined ? null : <Grid map={map} />;
}

function Grid({ map }: { readonly map: ShownMap }) {
  const { t } = useTranslation();
  const { percent, list } = useFormat();
  const canvas = useDrawnMap(map);
  const shares = sharesOf(map).map(([state, share]) => ({
    state,
    words: t('migration.map.share', { state: t(`migration.map.states.${state}`), share: percent(share) }),
  }));
  const label = t('migration.map.label', { shares: list(shares.map(({ words }) => words)) });
  return (
    <figure className="disk-map">
      <figcaption>{t('migration.map.title')}</figcaption>
      <canvas ref={canvas} role="img" aria-label={label} />
      <ul className="map-legend small" aria-hidden="true">
        {shares.map(({ state, words }) => (
          <li key={state} className={`is-${state}`}>
            {words}
          </li>
        ))}
      </ul>
      {!map.isPlaced && <p className="quiet small">{t('migration.map.notPlaced')}</p>}
    </figure>
  );
}
