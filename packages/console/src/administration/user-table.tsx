import { useQueryClient } from '@tanstack/react-query';
import { Button, Tag } from 'tdesign-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Role, ROLES } from '@diskferry/protocol';
import { answered, type Schemas, service } from '../service/service.ts';
import { useSession } from '../service/session.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { ProblemBox } from '../ui/problem-box.tsx';
import { useAction } from '../ui/use-action.ts';
import { useFormat } from '../words/use-format.ts';
import { DeleteSure } from '../ui/delete-sure.tsx';
import { NewUser } from './new-user.tsx';
import { SignInLink } from './sign-in-link.tsx';

type User = Schemas['User'];
type Open = { readonly what: 'new' } | { readonly what: 'link' | 'delete'; readonly user: User };

export function UserTable({ users }: { readonly users: readonly User[] }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Open>();
  const close = (): void => setOpen(undefined);
  const changing = useChange();
  const columns = useColumns(changing.run, setOpen);
  return (
    <>
      <div className="row end">
        <Button onClick={() => setOpen({ what: 'new' })}>{t('users.newUser')}</Button>
      </div>
      {changing.error !== null && <ProblemBox error={changing.error} />}
      <DataTable label={t('users.users')} rows={users} columns={columns} keyOf={({ id }) => id} />
      {open?.what === 'new' && <NewUser onClose={close} />}
      {open?.what === 'link' && <SignInLink user={open.user} onClose={close} />}
      {open?.what === 'delete' && (
        <DeleteSure
          title={t('users.deleteUser', { name: open.user.name })}
          help={t('users.deleteUserHelp')}
          queryKey="users"
          work={() => answered(service.DELETE('/api/v1/users/{id}', { params: { path: { id: open.user.id } } }))}
          onClose={close}
        />
      )}
    </>
  );
}

interface Change {
  readonly id: string;
  readonly body: Schemas['UserChange'];
}

function useChange() {
  const queries = useQueryClient();
  return useAction(async ({ id, body }: Change) => {
    await answered(service.PATCH('/api/v1/users/{id}', { params: { path: { id } }, body }));
    await queries.invalidateQueries({ queryKey: ['users'] });
  });
}

function useColumns(change: (change: Change) => void, open: (open: Open) => void): readonly Column<User>[] {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  const own = useSession().data?.name;
  return [
    {
      key: 'name',
      title: t('field.name'),
      show: ({ name, disabled }) => (
        <>
          <b>{name}</b> {name === own && <span className="quiet">({t('users.you')})</span>}{' '}
          {disabled && <Tag theme="warning">{t('users.disabled')}</Tag>}
        </>
      ),
    },
    {
      key: 'role',
      title: t('users.role'),
      show: ({ id, name, role }) => (
        <select
          className="input slim"
          aria-label={t('users.changeRole', { name })}
          value={role}
          onChange={(event) => change({ id, body: { role: event.target.value as Role } })}
        >
          {ROLES.map((one) => (
            <option key={one} value={one}>
              {t(`role.${one}`)}
            </option>
          ))}
        </select>
      ),
    },
    { key: 'created', title: t('field.created'), show: ({ createdAt }) => dateTime(createdAt) },
    {
      key: 'actions',
      title: t('field.actions'),
      show: (user) => (
        <div className="row actions">
          <ActionButton size="small" onClick={() => open({ what: 'link', user })}>
            {t('users.link')}
          </ActionButton>
          <ActionButton size="small" onClick={() => change({ id: user.id, body: { disabled: !user.disabled } })}>
            {t(user.disabled ? 'users.enable' : 'users.disable')}
          </ActionButton>
          <ActionButton size="small" theme="danger" onClick={() => open({ what: 'delete', user })}>
            {t('act.delete')}
          </ActionButton>
        </div>
      ),
    },
  ];
}
