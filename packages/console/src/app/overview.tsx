import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { STAGES } from '@diskferry/protocol';
import { MigrationTable } from '../migrations/list/migration-table.tsx';
import { useLiveMigrations } from '../service/live.ts';
import { type MigrationFilter, useMigrations } from '../service/migrations.ts';
import { useWorkers } from '../service/places.ts';
import { Page, Panel } from '../ui/page.tsx';
import { Queried } from '../ui/queried.tsx';

const RUNNING: MigrationFilter = { states: ['queued', ...STAGES], limit: 20 };
const NEEDS: MigrationFilter = { states: ['waiting', 'paused'], limit: 20 };
const LAST: MigrationFilter = { states: ['succeeded', 'failed', 'cancelled'], limit: 8 };

/** What runs, what needs a person, what came out last. */
export function Overview() {
  const { t } = useTranslation();
  useLiveMigrations();
  const workers = useWorkers().data?.items.length;
  const about = workers === undefined ? undefined : `${workers} ${t('overview.counts.workers')}`;
  return (
    <Page title={t('overview.title')} about={about} actions={<Starts />}>
      <Part title={t('overview.needsPerson')} filter={NEEDS} none={t('overview.nothingWaits')} />
      <Part title={t('overview.running')} filter={RUNNING} none={t('overview.nothingRuns')} />
      <Part title={t('overview.last')} filter={LAST} none={t('overview.nothingYet')} />
    </Page>
  );
}

function Starts() {
  const { t } = useTranslation();
  return (
    <>
      <Link className="link-button" to="/instance-migrations">
        {t('nav.instance-migrations')}
      </Link>
      <Link className="link-button" to="/data-migrations">
        {t('nav.data-migrations')}
      </Link>
    </>
  );
}

function Part({
  title,
  filter,
  none,
}: {
  readonly title: string;
  readonly filter: MigrationFilter;
  readonly none: string;
}) {
  const query = useMigrations(filter);
  return (
    <Panel title={title}>
      <Queried query={query}>
        {({ items }) =>
          items.length === 0 ? <p className="quiet">{none}</p> : <MigrationTable label={title} migrations={items} />
        }
      </Queried>
    </Panel>
  );
}
