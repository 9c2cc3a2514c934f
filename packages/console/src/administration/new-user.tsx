import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Role, ROLES } from '@diskferry/protocol';
import { answered, service } from '../service/service.ts';
import { ChoiceField, TextField } from '../ui/field.tsx';
import { Modal } from '../ui/modal.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { useAction } from '../ui/use-action.ts';

export function NewUser({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const making = useAction(async () => {
    await answered(service.POST('/api/v1/users', { body: { name: name.trim(), role, password } }));
    await queries.invalidateQueries({ queryKey: ['users'] });
  }, onClose);
  return (
    <Modal
      title={t('users.newUser')}
      confirm={t('act.create')}
      isBusy={making.isRunning}
      onClose={onClose}
      onConfirm={() => making.run()}
    >
      <TextField id="user-name" label={t('field.name')} value={name} onChange={setName} autoFocus />
      <RoleField value={role} onChange={setRole} />
      <TextField
        id="user-password"
        type="password"
        label={t('users.password')}
        help={t('users.passwordHelp')}
        value={password}
        onChange={setPassword}
        autoComplete="new-password"
      />
      {making.error !== null && <ProblemBox error={making.error} />}
    </Modal>
  );
}

export function RoleField({ value, onChange }: { readonly value: Role; readonly onChange: (role: Role) => void }) {
  const { t } = useTranslation();
  const choices = ROLES.map((role) => [role, t(`role.${role}`)] as const);
  return <ChoiceField id="role" label={t('users.role')} value={value} choices={choices} onChange={onChange} />;
}
