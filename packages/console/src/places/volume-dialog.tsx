import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useInstances, usePlacesChanged } from '../service/places.ts';
import { answered, service, type Volume } from '../service/service.ts';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { gibOf } from '../ui/size.ts';
import { useAction } from '../ui/use-action.ts';

export type VolumeChange = 'attach' | 'detach' | 'grow' | 'delete';

interface Props {
  readonly volume: Volume;
  readonly change: VolumeChange;
  readonly onClose: () => void;
}

export function VolumeDialog({ volume, change, onClose }: Props) {
  const { t } = useTranslation();
  const changed = usePlacesChanged();
  const instances = (useInstances().data ?? []).filter(({ managedHere }) => managedHere);
  const [instance, setInstance] = useState('');
  const [size, setSize] = useState(String(Math.ceil(volume.size / 2 ** 30) + 1));
  const chosen = instance === '' ? (instances[0]?.id ?? '') : instance;
  const { name } = volume;
  const acting = useAction(async () => {
    await changeVolume(volume.id, change, { instance: chosen, size: gibOf(size) });
    await changed();
  }, onClose);
  const titles = {
    attach: t('volumes.attachTitle', { name }),
    detach: `${t('volumes.detach')}: ${name}`,
    grow: t('volumes.growTitle', { name }),
    delete: t('volumes.deleteSure', { name }),
  };
  return (
    <Modal
      title={titles[change]}
      confirm={change === 'delete' ? t('act.delete') : t(`volumes.${change}`)}
      isDanger={change === 'delete'}
      isBusy={acting.isRunning}
      onClose={onClose}
      onConfirm={() => acting.run()}
    >
      {change === 'attach' && (
        <ChoiceField
          id="attach-to"
          label={t('instances.title')}
          value={chosen}
          choices={instances.map((one) => [one.id, one.name] as const)}
          onChange={setInstance}
        />
      )}
      {change === 'grow' && (
        <TextField id="grow-size" type="number" label={t('volumes.sizeGiB')} value={size} onChange={setSize} />
      )}
      {change === 'delete' && <p>{t('volumes.deleteHelp')}</p>}
      {acting.error !== null && <ProblemBox error={acting.error} />}
    </Modal>
  );
}

async function changeVolume(
  id: string,
  change: VolumeChange,
  { instance, size }: { readonly instance: string; readonly size: number },
): Promise<void> {
  const params = { path: { id } };
  switch (change) {
    case 'attach':
      return void (await answered(service.POST('/api/v1/volumes/{id}/actions/attach', { params, body: { instance } })));
    case 'detach':
      return void (await answered(service.POST('/api/v1/volumes/{id}/actions/detach', { params })));
    case 'grow':
      return void (await answered(service.POST('/api/v1/volumes/{id}/actions/grow', { params, body: { size } })));
    case 'delete':
      return void (await answered(service.DELETE('/api/v1/volumes/{id}', { params })));
    default:
      return change satisfies never;
  }
}
