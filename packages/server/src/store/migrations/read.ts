import type { Selectable } from 'kysely';
import { ServiceError } from '../../base/errors.ts';
import type { LoggedEvent } from '../../migrations/event.ts';
import type { Migration } from '../../migrations/migration.ts';
import { isPrintable } from '../../base/printable.ts';
import type { Context, MigrationTable, Queries } from '../database.ts';
import { fromBody } from './project.ts';

export type MigrationRow = Pick<Selectable<MigrationTable>, 'body' | 'version' | 'fence' | 'lease_worker'>;

export async function get({ db }: Context, id: string): Promise<Migration> {
  return fromBody(await rowOf(db, id));
}

/** `share` keeps it as it is until the transaction ends; SQLite does that for every transaction. */
export async function rowOf(db: Queries, id: string, keep?: 'share'): Promise<MigrationRow> {
  const query = db.selectFrom('migration').select(['body', 'version', 'fence', 'lease_worker']).where('id', '=', id);
  const kept = keep ? query.forShare() : query;
  const row = isPrintable(id) ? await kept.executeTakeFirst() : undefined;
  if (row) return row;
  throw new ServiceError('not-found', `there is no migration ${id}`);
}

export async function events({ db }: Context, id: string, afterVersion: number): Promise<LoggedEvent[]> {
  await rowOf(db, id);
  const rows = await db
    .selectFrom('migration_event')
    .select(['version', 'at', 'body'])
    .where('migration_id', '=', id)
    .where('version', '>', afterVersion)
    .orderBy('version')
    .execute();
  return rows.map(({ version, at, body }) => ({ version, at, event: JSON.parse(body) as LoggedEvent['event'] }));
}
