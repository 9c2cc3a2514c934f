import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlacesChanged } from '../service/places.ts';
import { answered, service } from '../service/service.ts';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { newKey } from '../ui/new-key.ts';
import { ProblemBox } from '../ui/problem-box.tsx';
import { gibOf, mibOf } from '../ui/size.ts';
import { useAction } from '../ui/use-action.ts';
import { PlaceFields, placeOf, useZones } from './place-fields.tsx';

const EMPTY = { name: '', where: '', firmware: 'bios' as 'bios' | 'uefi', cpus: '2', memory: '2048', systemSize: '20' };
const NUMBERS = [
  ['cpus', 'cpus'],
  ['memory', 'memoryMiB'],
  ['systemSize', 'systemSize'],
] as const;

export function NewInstance({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const changed = usePlacesChanged();
  const zones = useZones();
  const [key] = useState(newKey);
  const [draft, setDraft] = useState(EMPTY);
  const making = useAction(async () => {
    const { firmware, cpus, memory, systemSize } = draft;
    const sizes = { cpus: Math.round(Number(cpus)) || 0, memory: mibOf(memory), systemSize: gibOf(systemSize) };
    const body = { ...placeOf(draft, zones), firmware, ...sizes };
    await answered(service.POST('/api/v1/instances', { body, params: { header: { 'Idempotency-Key': key } } }));
    await changed();
  }, onClose);
  return (
    <Modal
      title={t('instances.new')}
      confirm={t('act.create')}
      isBusy={making.isRunning}
      onClose={onClose}
      onConfirm={() => making.run()}
    >
      <PlaceFields draft={draft} onChange={setDraft} />
      <ChoiceField
        id="firmware"
        label={t('instances.firmwareLabel')}
        value={draft.firmware}
        choices={(['bios', 'uefi'] as const).map((one) => [one, t(`instances.firmware.${one}`)] as const)}
        onChange={(firmware) => setDraft({ ...draft, firmware })}
      />
      {NUMBERS.map(([name, label]) => (
        <TextField
          key={name}
          id={`instance-${name}`}
          type="number"
          label={t(`instances.${label}`)}
          value={draft[name]}
          onChange={(value) => setDraft({ ...draft, [name]: value })}
        />
      ))}
      {making.error !== null && <ProblemBox error={making.error} />}
    </Modal>
  );
}
