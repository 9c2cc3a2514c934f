import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { answered, service } from '../service/service.ts';
import { Page, Panel } from '../ui/page.tsx';
import { Queried } from '../ui/queried.tsx';
import { TokenTable } from './token-table.tsx';
import { UserTable } from './user-table.tsx';

/** Who may come in: people, and programs. */
export function UsersPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const shown = search.get('show') === 'tokens' ? 'tokens' : 'users';
  return (
    <Page title={t('users.title')}>
      <Panel>
        <div className="segments" role="group" aria-label={t('users.title')}>
          {(['users', 'tokens'] as const).map((one) => (
            <label key={one}>
              <input
                type="radio"
                name="people"
                checked={shown === one}
                onChange={() => setSearch(one === 'users' ? {} : { show: one })}
              />
              <span>{t(`users.${one}`)}</span>
            </label>
          ))}
        </div>
        {shown === 'users' ? <Users /> : <Tokens />}
      </Panel>
    </Page>
  );
}

function Users() {
  const query = useQuery({ queryKey: ['users'], queryFn: () => answered(service.GET('/api/v1/users')) });
  return <Queried query={query}>{({ items }) => <UserTable users={items} />}</Queried>;
}

function Tokens() {
  const query = useQuery({ queryKey: ['tokens'], queryFn: () => answered(service.GET('/api/v1/tokens')) });
  return <Queried query={query}>{({ items }) => <TokenTable tokens={items} />}</Queried>;
}
