import { useTranslation } from 'react-i18next';
import { useInstances, useVolumes } from '../../service/places.ts';
import { isOntoInstance } from './draft.ts';
import type { StepProps } from './step.ts';
import { Notice } from '../../ui/notice.tsx';

/** Said by name, right above the button. */
export function Overwrites({ kind, draft }: Omit<StepProps, 'onChange'>) {
  const { t } = useTranslation();
  const instances = useInstances().data ?? [];
  const volumes = useVolumes().data ?? [];
  const names = draft.images.map(({ target }, index) => {
    const all: readonly { readonly id: string; readonly name: string }[] = isOntoInstance(kind, index)
      ? instances
      : volumes;
    return all.find(({ id }) => id === target)?.name ?? target;
  });
  return <Notice theme="warning" message={t('wizard.check.overwrites', { target: names.join(', ') })} />;
}
