import { advance } from '../../migrations/advance.ts';
import { ServiceError } from '../../base/errors.ts';
import type { MigrationEvent, UserEvent, WorkerEvent } from '../../migrations/event.ts';
import type { Migration } from '../../migrations/migration.ts';
import type { Context, Queries } from '../database.ts';
import { insertEvent } from './insert-event.ts';
import { requireHeld } from './lease.ts';
import { moveLocks } from './locks.ts';
import { forgetPast } from './forget-past.ts';
import { fromBody, project } from './project.ts';
import { rowOf } from './read.ts';
import { replaceHosts } from './related.ts';

export function append(
  context: Context,
  id: string,
  fence: number,
  expectedVersion: number,
  event: WorkerEvent,
): Promise<Migration> {
  return change(context, { id, fence, expectedVersion, event });
}

export function request(context: Context, id: string, expectedVersion: number, event: UserEvent): Promise<Migration> {
  return change(context, { id, fence: undefined, expectedVersion, event });
}

interface Change {
  readonly id: string;
  readonly fence: number | undefined;
  readonly expectedVersion: number;
  readonly event: MigrationEvent;
}

/** The event, what follows from it and the locks: all of it or nothing. */
async function change({ db, clock }: Context, asked: Change): Promise<Migration> {
  const { id, event } = asked;
  return db.transaction().execute(async (within) => {
    const before = await rightful(within, asked);
    const after = advance(before, event);
    if (!(await replace(within, asked, after))) {
      await rightful(within, asked);
      throw conflict(asked, 'it was changed meanwhile');
    }
    await insertEvent(within, id, { version: after.version, at: clock(), event });
    await moveLocks(within, before, after);
    if (event.kind === 'link-replaced') await replaceHosts(within, after);
    await forgetPast(within, { before, after, event });
    return after;
  });
}

/** The migration as it is, if it may be changed so. */
async function rightful(db: Queries, asked: Change): Promise<Migration> {
  const row = await rowOf(db, asked.id);
  if (asked.fence !== undefined) requireHeld(asked.id, row, asked.fence);
  if (row.version !== asked.expectedVersion) throw conflict(asked, `it is at version ${row.version}`);
  return fromBody(row);
}

/** Compares once more while writing: in PostgreSQL another could have come between. */
async function replace(db: Queries, { id, fence, expectedVersion }: Change, after: Migration): Promise<boolean> {
  let query = db
    .updateTable('migration')
    .set(project(after))
    .where('id', '=', id)
    .where('version', '=', expectedVersion);
  if (fence !== undefined) query = query.where('fence', '=', fence).where('lease_worker', 'is not', null);
  return (await query.executeTakeFirst()).numUpdatedRows === 1n;
}

function conflict({ id, expectedVersion }: Change, why: string): ServiceError {
  return new ServiceError('version-conflict', `${id} was expected at version ${expectedVersion}: ${why}`);
}
