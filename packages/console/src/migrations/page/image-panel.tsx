import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { DiskMapView, ImageProgress, LiveProgress } from '@diskferry/protocol';
import { useInstances, useVolumes } from '../../service/places.ts';
import type { Migration, Schemas } from '../../service/service.ts';
import { Fact, Facts } from '../../ui/facts.tsx';
import { Panel } from '../../ui/page.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { useFormat } from '../../words/use-format.ts';
import { DiskMap } from './map/disk-map.tsx';

interface Props {
  readonly migration: Migration;
  readonly image: Schemas['MigratedImage'];
  readonly index: number;
  readonly live: LiveProgress | undefined;
  readonly map: DiskMapView | undefined;
}

/** From where to where, how far each stage is, and what the disk holds. */
export function ImagePanel({ migration, image, index, live, map }: Props) {
  const { t } = useTranslation();
  const { exactBytes } = useFormat();
  const { source, target, content, size } = image;
  const measured = live?.images[index];
  const title = migration.images.length > 1 ? t('migration.image', { number: index + 1 }) : t('migration.stages');
  return (
    <Panel title={title}>
      {measured !== undefined && <Stages measured={measured} />}
      <DiskMap content={content} measured={map} />
      <Facts isWide>
        <Fact name={t('migration.from')}>
          <code className="break">{source.link}</code>
          {source.hasCredentials && <span className="quiet small">{t('migration.credentials')}</span>}
        </Fact>
        <Fact name={t('migration.to')}>
          <TargetLink target={target} />
        </Fact>
        <Fact name={t('migration.content')}>
          <span data-content={content.kind}>{content.words}</span>
        </Fact>
        {size !== null && <Fact name={t('field.size')}>{exactBytes(size)}</Fact>}
      </Facts>
    </Panel>
  );
}

const STAGES = ['read', 'decoded', 'landed', 'verified'] as const;

/** Each stage against what it has to do: the object for reading, the disk for the rest. */
function Stages({ measured }: { readonly measured: ImageProgress }) {
  const { t } = useTranslation();
  const { bytes } = useFormat();
  return (
    <ul className="stages">
      {STAGES.map((stage) => {
        const total = stage === 'read' ? measured.readOf : measured.of;
        const done = measured[stage];
        const words = total === null ? bytes(done) : t('migration.stageOf', { done: bytes(done), total: bytes(total) });
        return (
          <li key={stage}>
            <span>{t(`migration.stage.${stage}`)}</span>
            <ProgressBar
              share={total === null || total === 0 ? undefined : done / total}
              label={t(`migration.stage.${stage}`)}
            />
            <span className="quiet small">{words}</span>
          </li>
        );
      })}
    </ul>
  );
}

function TargetLink({ target: { instance, volume } }: { readonly target: Schemas['MigrationTarget'] }) {
  const { t } = useTranslation();
  const instances = useInstances().data ?? [];
  const volumes = useVolumes().data ?? [];
  const volumeName = volumes.find(({ id }) => id === volume)?.name ?? volume;
  if (instance === null) return <Link to={`/volumes?q=${encodeURIComponent(volume)}`}>{volumeName}</Link>;
  const name = instances.find(({ id }) => id === instance)?.name ?? instance;
  return (
    <>
      <Link to={`/instances/${instance}`}>{name}</Link>
      <span className="quiet small">
        {t('instances.systemVolume')} <code>{volume}</code>
      </span>
    </>
  );
}
