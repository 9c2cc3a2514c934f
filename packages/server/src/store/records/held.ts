import type { Context, Queries } from '../database.ts';
import { requireHeld } from '../migrations/lease.ts';
import { rowOf, type MigrationRow } from '../migrations/read.ts';

/**
 * The migration of who has this fence, kept as it is until the transaction ends: no claim and no event comes between.
 * @throws ServiceError `not-found`, `stale-fence`
 */
export async function heldRow(
  { system }: Context,
  within: Queries,
  { id, fence }: { readonly id: string; readonly fence: number },
): Promise<MigrationRow> {
  const row = await rowOf(within, id, system === 'postgres' ? 'share' : undefined);
  requireHeld(id, row, fence);
  return row;
}
