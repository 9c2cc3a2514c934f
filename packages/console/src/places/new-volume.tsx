import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePlacesChanged } from '../service/places.ts';
import { answered, service } from '../service/service.ts';
import { TextField } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { newKey } from '../ui/new-key.ts';
import { ProblemBox } from '../ui/problem-box.tsx';
import { useAction } from '../ui/use-action.ts';
import { gibOf } from '../ui/size.ts';
import { PlaceFields, placeOf, useZones } from './place-fields.tsx';

export function NewVolume({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const changed = usePlacesChanged();
  const zones = useZones();
  const [key] = useState(newKey);
  const [draft, setDraft] = useState({ name: '', where: '', size: '20' });
  const making = useAction(async () => {
    const body = { ...placeOf(draft, zones), size: gibOf(draft.size) };
    await answered(service.POST('/api/v1/volumes', { body, params: { header: { 'Idempotency-Key': key } } }));
    await changed();
  }, onClose);
  return (
    <Modal
      title={t('volumes.new')}
      confirm={t('act.create')}
      isBusy={making.isRunning}
      onClose={onClose}
      onConfirm={() => making.run()}
    >
      <PlaceFields draft={draft} onChange={setDraft} />
      <TextField
        id="volume-size"
        type="number"
        label={t('volumes.sizeGiB')}
        value={draft.size}
        onChange={(size) => setDraft({ ...draft, size })}
      />
      {making.error !== null && <ProblemBox error={making.error} />}
    </Modal>
  );
}
