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
 * receipt of an attempt that is followed by a new one.
 */
export async function forgetPast(db: Queries, { before, after, event }: Step): Promise<void> {
  if (before.standing.state !== after.standing.state || before.worker !== after.worker) {
    await db.deleteFrom('live').where('migration_id', '=', after.id).execute();
  }
  if (event.kind === 'retry-asked') await db.deleteFrom('receipt').where('migration_id', '=', after.id).execute();
}
