import { useTranslation } from 'react-i18next';
import { InsideImage } from '../../images/inside-image.tsx';
import { Layers } from '../../images/layers.tsx';
import { useInstances, useVolumes } from '../../service/places.ts';
import type { Schemas } from '../../service/service.ts';
import { useFormat } from '../../words/use-format.ts';
import { isOntoInstance } from './draft.ts';
import type { StepProps } from './step.ts';

interface Props extends Omit<StepProps, 'onChange'> {
  readonly image: Schemas['PreflightImage'];
  readonly index: number;
}

/** The layers from the object down to the disk, and both sizes beside the target's. */
export function FoundImage({ kind, draft, image, index }: Props) {
  const { t } = useTranslation();
  const { bytes } = useFormat();
  const targetSize = useTargetSize({ kind, draft, index });
  const { layers, fileSize, virtualSize, reading, guest } = image;
  if (layers.length === 0) return null;
  const sizes = [
    ['fileSize', fileSize],
    ['virtualSize', virtualSize],
    ['targetSize', targetSize],
  ] as const;
  const largest = Math.max(...sizes.map(([, size]) => size ?? 0), 1);
  return (
    <section className="found" aria-label={t('wizard.check.found')}>
      <h3>
        {t('wizard.check.found')}
        {draft.images.length > 1 && ` · ${t('migration.image', { number: index + 1 })}`}
      </h3>
      <Layers layers={layers} />
      <dl className="sizes">
        {sizes.map(([name, size]) => (
          <div key={name}>
            <dt>{t(`wizard.check.${name}`)}</dt>
            <dd>
              <svg className={`size-bar is-${name}`} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
                <rect width={((size ?? 0) / largest) * 100} height="1" />
              </svg>
              {size === null || size === undefined ? t('migration.unknownYet') : bytes(size)}
            </dd>
          </div>
        ))}
      </dl>
      {reading !== null && (
        <p className="quiet">
          {t('wizard.check.reading')}: {reading}
        </p>
      )}
      {guest !== null && (
        <>
          <h3>{t('images.inside')}</h3>
          <InsideImage guest={guest} diskSize={virtualSize} />
        </>
      )}
    </section>
  );
}

function useTargetSize({ kind, draft, index }: Omit<Props, 'image'>): number | undefined {
  const instances = useInstances().data ?? [];
  const volumes = useVolumes().data ?? [];
  const target = draft.images[index]?.target;
  const volume = isOntoInstance(kind, index) ? instances.find(({ id }) => id === target)?.systemVolume : target;
  return volumes.find(({ id }) => id === volume)?.size;
}
