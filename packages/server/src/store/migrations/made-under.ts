import { isPrintable } from '../../base/printable.ts';
import type { MadeUnder } from '../../migrations/store.ts';
import type { LoggedEvent } from '../../migrations/event.ts';
import type { Context } from '../database.ts';
import { fromBody } from './project.ts';

/** The request is that of the first event: later ones have changed the migration. */
export async function madeUnder({ db }: Context, idempotencyKey: string): Promise<MadeUnder | undefined> {
  if (!isPrintable(idempotencyKey)) return undefined;
  const row = await db
    .selectFrom('migration')
    .innerJoin('migration_event', 'migration_event.migration_id', 'migration.id')
    .select(['migration.body as body', 'migration_event.body as created'])
    .where('migration.idempotency_key', '=', idempotencyKey)
    .where('migration_event.version', '=', 1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  const created = JSON.parse(row.created) as LoggedEvent['event'];
  return created.kind === 'created' ? { migration: fromBody(row), request: created.request } : undefined;
}
