import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Role } from '@diskferry/protocol';
import { answered, type Schemas, service } from '../service/service.ts';
import { CopiedText } from '../ui/copied-text.tsx';
import { TextField } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { useAction } from '../ui/use-action.ts';
import { RoleField } from './new-user.tsx';

const DAY_MS = 86_400_000;

/** First what it is for, then its secret, this once. */
export function NewToken({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const [days, setDays] = useState('90');
  const [made, setMade] = useState<Schemas['NewToken']>();
  const making = useAction(async () => {
    const expiresAt = days.trim() === '' ? null : Date.now() + Math.max(0, Math.round(Number(days) * DAY_MS) || 0);
    setMade(await answered(service.POST('/api/v1/tokens', { body: { name: name.trim(), role, expiresAt } })));
    await queries.invalidateQueries({ queryKey: ['tokens'] });
  });
  if (made !== undefined) {
    return (
      <Modal title={t('users.secretTitle', { name: made.token.name })} onClose={onClose}>
        <CopiedText text={made.secret} label={t('users.secretTitle', { name: made.token.name })} />
        <p className="quiet">{t('users.secretHelp')}</p>
      </Modal>
    );
  }
  return (
    <Modal
      title={t('users.newToken')}
      confirm={t('act.create')}
      isBusy={making.isRunning}
      onClose={onClose}
      onConfirm={() => making.run()}
    >
      <TextField id="token-name" label={t('field.name')} value={name} onChange={setName} autoFocus />
      <RoleField value={role} onChange={setRole} />
      <TextField id="token-days" type="number" label={t('users.expiresDays')} value={days} onChange={setDays} />
      {making.error !== null && <ProblemBox error={making.error} />}
    </Modal>
  );
}
