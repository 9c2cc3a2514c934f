import { shareOf } from '@diskferry/protocol';
import type { MigrationEvent } from '../../migrations/event.ts';
import type { Migration } from '../../migrations/migration.ts';
import type { Queries } from '../database.ts';

interface Step {
  readonly before: Migration;
  readonly after: Migration;
  readonly event: MigrationEvent;
}

/**
 * Takes away what is not true any more after an event: live progress of a stage that was left or of another worker, and the
 * receipt and the maps of an attempt that is followed by a new one that starts over.
 */
export async function forgetPast(db: Queries, { before, after, event }: Step): Promise<void> {
  if (before.standing.state !== after.standing.state || before.worker !== after.worker) {
    await db.deleteFrom('live').where('migration_id', '=', after.id).execute();
  }
  if (event.kind !== 'retry-asked') return;
  const begun = after.images.flatMap(({ content }, image) => (shareOf(content) === 0 ? [image] : []));
  if (begun.length > 0) {
    await db.deleteFrom('disk_map').where('migration_id', '=', after.id).where('image', 'in', begun).execute();
  }
  await db.deleteFrom('receipt').where('migration_id', '=', after.id).execute();
}
