import { ServiceError } from '../base/errors.ts';
import type { Migration } from '../migrations/migration.ts';
import { sweepHolds } from './holds.ts';
import type { CheckpointFolder } from './land/checkpoint-folder.ts';
import type { Shared } from './worker-parts.ts';

/** What a crash has left between the end of a migration and giving up what it had: holds, and checkpoints. */
export async function sweep(
  { stores, provider }: Shared,
  checkpoints: CheckpointFolder,
  isBusy: (id: string) => boolean,
): Promise<void> {
  const get = async (id: string): Promise<Migration | undefined> => {
    try {
      return await stores.migrations.get(id);
    } catch (error) {
      if (error instanceof ServiceError && error.code === 'not-found') return undefined;
      throw error;
    }
  };
  await sweepHolds(provider, get, isBusy);
  for (const id of await checkpoints.migrations()) {
    if (isBusy(id)) continue;
    const migration = await get(id);
    if (migration?.standing.state !== 'succeeded') continue;
    for (const index of migration.images.keys()) await checkpoints.forget(id, index);
  }
}
