import { PROVE_BOOT } from '@diskferry/protocol';
import { useTranslation } from 'react-i18next';
import { useInstances, useProviderFeatures } from '../../service/places.ts';
import { ChoiceField } from '../../ui/field.tsx';
import type { Draft } from './draft.ts';

interface Props {
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

/** Whether it is proved that the disks start: what that does, and where it cannot be done. */
export function ProveBootField({ draft, onChange }: Props) {
  const { t } = useTranslation();
  const cannot = useCannotProve(draft);
  return (
    <ChoiceField
      id="prove-boot"
      label={t('proof.option.label')}
      value={draft.proveBoot}
      choices={PROVE_BOOT.map((one) => [one, t(`proof.option.${one}`)] as const)}
      onChange={(proveBoot) => onChange({ ...draft, proveBoot })}
      help={
        <>
          {cannot && <span className="warned">{t('proof.option.cannot')} </span>}
          {t('proof.option.help')}
        </>
      }
    />
  );
}

/** Known only once the instance was chosen. */
function useCannotProve({ images }: Draft): boolean {
  const instances = useInstances().data ?? [];
  const features = useProviderFeatures(instances.find(({ id }) => id === images[0]?.target)?.provider);
  return features !== undefined && !features.includes('proveBoot');
}
