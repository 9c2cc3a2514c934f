import { ServiceError } from '../../base/errors.ts';
import { isPrintable } from '../../base/printable.ts';
import type { Migration } from '../../migrations/migration.ts';
import type { Context } from '../database.ts';
import { leaseUntil } from './lease-until.ts';
import { fromBody } from './project.ts';
import { rowOf, type MigrationRow } from './read.ts';

export async function heartbeat(context: Context, id: string, fence: number, leaseMs: number): Promise<Migration> {
  const until = leaseUntil(context, leaseMs);
  const row = await heldUpdate(context, id, fence).set({ lease_until: until }).returning('body').executeTakeFirst();
  return row ? fromBody(row) : refuse(context, id, fence);
}

export async function release(context: Context, id: string, fence: number): Promise<void> {
  const given = { lease_worker: null, lease_until: null };
  const row = await heldUpdate(context, id, fence).set(given).returning('id').executeTakeFirst();
  if (!row) await refuse(context, id, fence);
}

export async function releaseAllOf({ db }: Context, worker: string): Promise<number> {
  if (!isPrintable(worker)) return 0;
  const given = { lease_worker: null, lease_until: null };
  const rows = await db
    .updateTable('migration')
    .set(given)
    .where('lease_worker', '=', worker)
    .returning('id')
    .execute();
  return rows.length;
}

function heldUpdate({ db }: Context, id: string, fence: number) {
  return db
    .updateTable('migration')
    .where('id', '=', id)
    .where('fence', '=', fence)
    .where('lease_worker', 'is not', null);
}

async function refuse({ db }: Context, id: string, fence: number): Promise<never> {
  requireHeld(id, await rowOf(db, id), fence);
  throw staleFence(id, fence, 'it was given back and claimed meanwhile');
}

/** The worker with this fence holds the migration, whatever the clock says. */
export function requireHeld(id: string, row: MigrationRow, fence: number): void {
  if (row.fence !== fence)
    throw staleFence(id, fence, `the last one is ${row.fence}, of ${row.lease_worker ?? 'nobody'}`);
  if (row.lease_worker === null) throw staleFence(id, fence, 'nobody holds it');
}

function staleFence(id: string, fence: number, why: string): ServiceError {
  return new ServiceError('stale-fence', `fence ${fence} does not hold ${id}: ${why}`);
}
