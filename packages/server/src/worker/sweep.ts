import { ServiceError } from '../base/errors.ts';
import type { Migration } from '../migrations/migration.ts';
import { sweepHolds } from './holds.ts';
import type { CheckpointFolder } from './land/checkpoint-folder.ts';
import type { Shared } from './worker-parts.ts';

/** Holds of migrations that need them no more: cancelled where nobody worked on them, or left by a crash. */
export async function sweepHeld({ stores, provider }: Shared, isBusy: (id: string) => boolean): Promise<void> {
  await sweepHolds(provider, (id) => whereKnown(stores, id), isBusy);
}

/** Checkpoints that a crash has left of migrations which have succeeded, and what opened their sources. */
export async function sweepCheckpoints({ stores }: Shared, checkpoints: CheckpointFolder): Promise<void> {
  for (const id of await checkpoints.migrations()) {
    const migration = await whereKnown(stores, id);
    if (migration?.standing.state !== 'succeeded') continue;
    for (const [index, { source }] of migration.images.entries()) {
      // First what is not told by a file: a crash between the two is made good the next time.
      if (source.credentials !== null) await stores.secrets.forget(source.credentials);
      await checkpoints.forget(id, index);
    }
  }
}

async function whereKnown({ migrations }: Shared['stores'], id: string): Promise<Migration | undefined> {
  try {
    return await migrations.get(id);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'not-found') return undefined;
    throw error;
  }
}
