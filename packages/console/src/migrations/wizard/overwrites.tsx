import { useTranslation } from 'react-i18next';
import { useInstances, useVolumes } from '../../service/places.ts';
import type { Check, Volume } from '../../service/service.ts';
import { DeviceName } from '../../ui/device-name.tsx';
import { Notice } from '../../ui/notice.tsx';
import { useFormat } from '../../words/use-format.ts';
import { type ImageDraft, isOntoInstance } from './draft.ts';
import type { StepProps } from './step.ts';

interface Props extends Omit<StepProps, 'onChange'> {
  readonly checks: readonly Check[];
}

/** Right above the button: each disk that is destroyed, by all that it can be recognised by, and what lies on it. */
export function Overwrites({ kind, draft, checks }: Props) {
  const { t } = useTranslation();
  return (
    <Notice
      theme="warning"
      title={t('wizard.destroys.title')}
      message={
        <ul className="destroyed">
          {draft.images.map((image, index) => (
            <Destroyed key={index} image={image} isInstance={isOntoInstance(kind, index)} {...{ checks, index }} />
          ))}
        </ul>
      }
    />
  );
}

interface DiskProps {
  readonly image: ImageDraft;
  readonly index: number;
  readonly isInstance: boolean;
  readonly checks: readonly Check[];
}

function Destroyed({ image: { target }, index, isInstance, checks }: DiskProps) {
  const { t } = useTranslation();
  const { bytes } = useFormat();
  const instance = (useInstances().data ?? []).find(({ id }) => isInstance && id === target);
  const id = instance?.systemVolume ?? target;
  const volume = (useVolumes().data ?? []).find((one) => one.id === id);
  const name = instance === undefined ? volume?.name : t('wizard.destroys.systemOf', { name: instance.name });
  return (
    <li>
      <b>{name ?? id}</b> <code className="small">{id}</code>
      {volume !== undefined && <span> · {bytes(volume.size)}</span>}
      {volume?.device != null && (
        <div>
          <DeviceName device={volume.device} />
        </div>
      )}
      <div>
        {t('wizard.destroys.holds')} <span className="break">{useContent(checks, index, volume)}</span>
      </div>
    </li>
  );
}

/** What the check before has seen on it; it names the volume first, which stands here already. */
function useContent(checks: readonly Check[], index: number, volume: Volume | undefined): string {
  const { t } = useTranslation();
  const found = checks.find(({ code, image }) => code === 'target-overwritten' && image === index);
  if (found?.verdict === 'pass') return t('wizard.destroys.blank');
  if (found?.verdict !== 'warn') return t('wizard.destroys.unseen');
  const prefix = `${volume?.id ?? ''}: `;
  return found.evidence.startsWith(prefix) ? found.evidence.slice(prefix.length) : found.evidence;
}
