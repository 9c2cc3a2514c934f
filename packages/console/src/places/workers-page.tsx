import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useWorkers } from '../service/places.ts';
import type { Schemas } from '../service/service.ts';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Page, Panel } from '../ui/page.tsx';
import { Queried } from '../ui/queried.tsx';
import { useFormat } from '../words/use-format.ts';

type Worker = Schemas['Worker'];

export function WorkersPage() {
  const { t } = useTranslation();
  const query = useWorkers();
  const columns = useColumns();
  return (
    <Page title={t('workers.title')} about={t('workers.about')}>
      <Panel>
        <Queried query={query}>
          {({ items }) =>
            items.length === 0 ? (
              <p className="warned">{t('workers.none')}</p>
            ) : (
              <DataTable label={t('workers.title')} rows={items} columns={columns} keyOf={({ id }) => id} />
            )
          }
        </Queried>
      </Panel>
    </Page>
  );
}

function useColumns(): readonly Column<Worker>[] {
  const { t } = useTranslation();
  const { shortTime } = useFormat();
  return [
    { key: 'id', title: t('field.name'), show: ({ id }) => <code>{id}</code> },
    { key: 'host', title: t('workers.host'), show: ({ host }) => host },
    { key: 'version', title: t('workers.version'), show: ({ version }) => version },
    {
      key: 'busy',
      title: t('workers.busy'),
      show: ({ busyWith, concurrency, draining }) => (
        <>
          {t('workers.slots', { busy: busyWith.length, slots: concurrency })}
          {draining && <span className="warned"> {t('workers.draining')}</span>}
          {busyWith.map((id) => (
            <Link key={id} className="small" to={`/migrations/${id}`}>
              {id}
            </Link>
          ))}
        </>
      ),
    },
    { key: 'labels', title: t('workers.labels'), show: ({ labels }) => labels.join(', ') },
    { key: 'started', title: t('workers.started'), show: ({ startedAt }) => shortTime(startedAt) },
    { key: 'seen', title: t('workers.seen'), show: ({ seenAt }) => shortTime(seenAt) },
  ];
}
