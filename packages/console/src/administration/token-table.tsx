import { Button } from 'tdesign-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answered, type Schemas, service } from '../service/service.ts';
import { ActionButton } from '../ui/action-button.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { useFormat } from '../words/use-format.ts';
import { DeleteSure } from '../ui/delete-sure.tsx';
import { NewToken } from './new-token.tsx';

type Token = Schemas['Token'];

export function TokenTable({ tokens }: { readonly tokens: readonly Token[] }) {
  const { t } = useTranslation();
  const [isNew, setNew] = useState(false);
  const [deleted, setDeleted] = useState<Token>();
  const columns = useColumns(setDeleted);
  return (
    <>
      <div className="row end">
        <Button onClick={() => setNew(true)}>{t('users.newToken')}</Button>
      </div>
      {tokens.length === 0 ? (
        <p className="quiet">{t('users.noTokens')}</p>
      ) : (
        <DataTable label={t('users.tokens')} rows={tokens} columns={columns} keyOf={({ id }) => id} />
      )}
      {isNew && <NewToken onClose={() => setNew(false)} />}
      {deleted !== undefined && (
        <DeleteSure
          title={t('users.deleteToken', { name: deleted.name })}
          help={t('users.deleteTokenHelp')}
          queryKey="tokens"
          work={() => answered(service.DELETE('/api/v1/tokens/{id}', { params: { path: { id: deleted.id } } }))}
          onClose={() => setDeleted(undefined)}
        />
      )}
    </>
  );
}

function useColumns(remove: (token: Token) => void): readonly Column<Token>[] {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  const timeOr = (at: number | null): string => (at === null ? t('users.never') : dateTime(at));
  return [
    { key: 'name', title: t('field.name'), show: ({ name }) => <b>{name}</b> },
    { key: 'role', title: t('users.role'), show: ({ role }) => t(`role.${role}`) },
    { key: 'by', title: t('users.createdBy'), show: ({ createdBy }) => createdBy },
    { key: 'expires', title: t('users.expires'), show: ({ expiresAt }) => timeOr(expiresAt) },
    { key: 'used', title: t('users.lastUsed'), show: ({ lastUsedAt }) => timeOr(lastUsedAt) },
    {
      key: 'actions',
      title: t('field.actions'),
      show: (token) => (
        <ActionButton size="small" theme="danger" onClick={() => remove(token)}>
          {t('act.delete')}
        </ActionButton>
      ),
    },
  ];
}
