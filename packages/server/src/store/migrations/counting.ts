import { MIGRATION_STATES, type MigrationState } from '@diskferry/protocol';
import { sql } from 'kysely';
import type { Running } from '../../migrations/store.ts';
import type { Context } from '../database.ts';

const PROVIDER = 'provider:';

/** Hosts and providers of what is leased, in one statement, so that both are of one moment. */
export async function running({ db, now }: Context): Promise<Running> {
  const leased = db
    .selectFrom('migration')
    .select('id')
    .where('lease_worker', 'is not', null)
    .where('lease_until', '>', now());
  const rows = await db
    .selectFrom('migration_host')
    .select(({ fn }) => [sql<number>`1`.as('is_host'), 'host as name', fn.countAll<number>().as('count')])
    .where('migration_id', 'in', leased)
    .groupBy('host')
    .unionAll(
      db
        .selectFrom('migration_label')
        .select(({ fn }) => [sql<number>`0`.as('is_host'), 'label as name', fn.countAll<number>().as('count')])
        .where('migration_id', 'in', leased)
        .where('label', 'like', `${PROVIDER}%`)
        .groupBy('label'),
    )
    .execute();
  const hosts = rows.filter(({ is_host }) => is_host === 1);
  // SQLite takes PROVIDER: for the same.
  const providers = rows.filter(({ is_host, name }) => is_host === 0 && name.startsWith(PROVIDER));
  return {
    hosts: Object.fromEntries(hosts.map(({ name, count }) => [name, count])),
    providers: Object.fromEntries(providers.map(({ name, count }) => [name.slice(PROVIDER.length), count])),
  };
}

export async function counts({ db }: Context): Promise<Record<MigrationState, number>> {
  const rows = await db
    .selectFrom('migration')
    .select(['state', sql<number>`count(*)`.as('count')])
    .groupBy('state')
    .execute();
  const none = Object.fromEntries(MIGRATION_STATES.map((state) => [state, 0])) as Record<MigrationState, number>;
  return { ...none, ...Object.fromEntries(rows.map(({ state, count }) => [state, count])) };
}
