import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { KEYS } from '../service/migrations.ts';
import { answered, type Migration, service } from '../service/service.ts';
import { TextField } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { useAction } from '../ui/use-action.ts';
import { isRate, rateOf, rateText } from '../ui/rate.ts';

export function NewLimit({ migration, onClose }: { readonly migration: Migration; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [text, setText] = useState(rateText(migration.options.bandwidth));
  const change = useAction(async () => {
    const params = { path: { id: migration.id } };
    const body = { bandwidth: rateOf(text) };
    const changed = await answered(service.POST('/api/v1/migrations/{id}/actions/change-bandwidth', { params, body }));
    queries.setQueryData(KEYS.one(migration.id), changed);
  }, onClose);
  return (
    <Modal
      title={t('newLimit.title')}
      confirm={t('act.save')}
      isBusy={change.isRunning}
      onClose={onClose}
      onConfirm={() => isRate(text) && change.run()}
    >
      <TextField
        id="new-limit"
        label={t('newLimit.label')}
        value={text}
        onChange={setText}
        error={isRate(text) ? undefined : t('wizard.errors.bandwidth')}
        autoFocus
      />
      {change.error !== null && <ProblemBox error={change.error} />}
    </Modal>
  );
}
