import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { LiveProgress } from '@diskferry/protocol';
import { useLive, useMigration } from '../../service/migrations.ts';
import type { Migration } from '../../service/service.ts';
import { Page, Panel } from '../../ui/page.tsx';
import { Queried } from '../../ui/queried.tsx';
import { useFormat } from '../../words/use-format.ts';
import { MigrationActions } from '../actions.tsx';
import { ProofPanel } from '../proof/proof-panel.tsx';
import { MigrationBar, StateTag } from '../standing.tsx';
import { Checks } from './checks-panel.tsx';
import { EventList } from './event-list.tsx';
import { FailurePanel } from './failure-panel.tsx';
import { ImagePanel } from './image-panel.tsx';
import { LivePanel } from './live-panel.tsx';
import { useDiskMaps } from './map/use-disk-maps.ts';
import { LogPanel } from './log-panel.tsx';
import { OptionsPanel } from './options-panel.tsx';
import { ReceiptPanel } from './receipt/receipt-panel.tsx';
import { useTold } from './use-told.ts';
import { Notice } from '../../ui/notice.tsx';

/** Stages that have a speed. */
const MOVING: readonly LiveProgress['stage'][] = ['transferring', 'verifying'];

/** Everything about one migration. What is shown comes from the service: closing the page changes nothing. */
export function MigrationPage() {
  const { id = '' } = useParams();
  const query = useMigration(id);
  return <Queried query={query}>{(migration) => <Shown key={id} migration={migration} />}</Queried>;
}

function Shown({ migration }: { readonly migration: Migration }) {
  const { t } = useTranslation();
  const live = useLive(migration.id);
  const maps = useDiskMaps(migration, live);
  const { events, lines, isConnected } = useTold(migration);
  return (
    <Page
      title={migration.name}
      about={
        <>
          <Link to={`/${migration.kind}-migrations`}>{t(`migrations.titles.${migration.kind}`)}</Link>{' '}
          <code className="small">{migration.id}</code>
        </>
      }
      actions={<MigrationActions migration={migration} />}
    >
      {!isConnected && <Notice theme="warning" role="status" message={t('state.notConnected')} />}
      <Standing migration={migration} live={live} />
      {migration.failure !== null && (
        <FailurePanel migration={migration} failure={migration.failure} told={{ events, lines }} />
      )}
      {live !== undefined && MOVING.includes(live.stage) && <LivePanel live={live} />}
      <ProofPanel migration={migration} />
      {migration.images.map((image, index) => (
        <ImagePanel key={index} {...{ migration, image, index, live }} map={maps.get(index)} />
      ))}
      {migration.state === 'succeeded' && <ReceiptPanel migration={migration} />}
      <Checks migration={migration} />
      <OptionsPanel migration={migration} />
      <EventList events={events} />
      <LogPanel lines={lines} />
    </Page>
  );
}

/** The state in one look, and what it waits for in words. */
function Standing({ migration, live }: { readonly migration: Migration; readonly live: LiveProgress | undefined }) {
  const format = useFormat();
  const { waitDetail, options, state } = migration;
  return (
    <Panel>
      <div className="standing" aria-live="polite">
        <StateTag migration={migration} />
        {state === 'waiting' && migration.waitsFor === 'start-time' && options.notBefore !== null && (
          <span>{format.dateTime(options.notBefore)}</span>
        )}
        {waitDetail !== null && <span>{waitDetail}</span>}
      </div>
      <MigrationBar migration={migration} />
      {live?.stall != null && <Stall stall={live.stall} />}
    </Panel>
  );
}

function Stall({ stall }: { readonly stall: NonNullable<LiveProgress['stall']> }) {
  const { t } = useTranslation();
  const { shortTime, dateTime } = useFormat();
  return (
    <Notice
      theme="warning"
      role="status"
      title={t('migration.stall', { time: shortTime(stall.since) })}
      message={
        <>
          {stall.message} <code className="small">{stall.code}</code>
          {stall.nextTryAt !== null && <p>{t('migration.nextTry', { time: dateTime(stall.nextTryAt) })}</p>}
        </>
      }
    />
  );
}
