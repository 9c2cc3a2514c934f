import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Tag } from 'tdesign-react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { answered, type Schemas, service } from '../service/service.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Page, Panel } from '../ui/page.tsx';
import { Queried } from '../ui/queried.tsx';
import { useFormat } from '../words/use-format.ts';

type Entry = Schemas['AuditEntry'];

const FILTERS = ['who', 'action'] as const;

export function AuditPage() {
  const { t } = useTranslation();
  const [search, setSearch] = useSearchParams();
  const columns = useColumns();
  const query = useAudit(search);
  const set = (name: string, value: string, replace: boolean): void => {
    const next = new URLSearchParams(search);
    if (name !== 'cursor') next.delete('cursor');
    if (value === '') next.delete(name);
    else next.set(name, value);
    setSearch(next, { replace });
  };
  return (
    <Page title={t('audit.title')} about={t('audit.about')}>
      <Panel>
        <div className="row">
          {FILTERS.map((name) => (
            <input
              key={name}
              className="input search"
              type="search"
              aria-label={t(`audit.${name}`)}
              placeholder={t(`audit.${name}`)}
              maxLength={100}
              value={search.get(name) ?? ''}
              onChange={(event) => set(name, event.target.value, true)}
            />
          ))}
        </div>
        <Queried query={query}>
          {({ items, next }) => (
            <>
              {items.length === 0 ? (
                <p className="quiet">{t('audit.none')}</p>
              ) : (
                <DataTable label={t('audit.title')} rows={items} columns={columns} keyOf={({ seq }) => `${seq}`} />
              )}
              {next !== null && (
                <div className="row end">
                  <Button variant="outline" theme="default" onClick={() => set('cursor', next, false)}>
                    {t('act.more')}
                  </Button>
                </div>
              )}
            </>
          )}
        </Queried>
      </Panel>
    </Page>
  );
}

function useAudit(search: URLSearchParams) {
  const asked = Object.fromEntries([...FILTERS, 'cursor'].map((name) => [name, search.get(name) ?? '']));
  const given = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== ''));
  return useQuery({
    queryKey: ['audit', asked],
    queryFn: () => answered(service.GET('/api/v1/audit', { params: { query: { limit: 50, ...given } } })),
    placeholderData: keepPreviousData,
  });
}

function useColumns(): readonly Column<Entry>[] {
  const { t } = useTranslation();
  const { dateTime } = useFormat();
  return [
    { key: 'at', className: 'short', title: t('audit.at'), show: ({ at }) => dateTime(at) },
    { key: 'who', title: t('audit.who'), show: ({ who }) => who },
    { key: 'action', title: t('audit.action'), show: ({ action }) => <code>{action}</code> },
    {
      key: 'target',
      title: t('audit.target'),
      className: 'wide',
      show: ({ target, detail }) => (
        <>
          {target !== null && <code>{target}</code>}
          {detail !== null && <span className="quiet small">{detail}</span>}
        </>
      ),
    },
    {
      key: 'outcome',
      title: t('audit.outcome'),
      show: ({ outcome }) => (
        <Tag variant="light" theme={outcome === 'done' ? 'success' : 'warning'}>
          {t(`audit.outcomes.${outcome}`)}
        </Tag>
      ),
    },
    { key: 'from', title: t('audit.from'), show: ({ from }) => <code>{from}</code> },
  ];
}
