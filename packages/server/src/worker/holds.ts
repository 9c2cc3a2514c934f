import type { Migration } from '../migrations/migration.ts';
import { resourcesOf } from '../migrations/stages.ts';
import { ProviderError } from '../providers/provider-error.ts';
import type { Provider, Ref } from '../providers/provider.ts';

/** The volumes and instances of a migration, as the provider names them. */
export function refsOf(migration: Pick<Migration, 'images'>): Ref[] {
  return resourcesOf(migration).map((resource) => {
    const [kind = '', id = ''] = resource.split(/:(.*)/s);
    return { kind: kind === 'volume' ? 'volume' : 'instance', id };
  });
}

export function instancesOf(migration: Pick<Migration, 'images'>): string[] {
  return refsOf(migration)
    .filter(({ kind }) => kind === 'instance')
    .map(({ id }) => id);
}

/** Nobody else may change them from now on, whoever asks the provider. */
export async function holdAll(provider: Provider, migration: Migration, signal?: AbortSignal): Promise<void> {
  const by = { holder: migration.id, why: `the migration ${migration.name} works with it`.slice(0, 1000) };
  for (const ref of refsOf(migration)) await provider.hold(ref, by, signal);
}

/** What somebody else holds is his. */
export async function releaseAll(provider: Provider, migration: Migration): Promise<void> {
  for (const ref of refsOf(migration)) {
    try {
      await provider.release(ref, migration.id);
    } catch (error) {
      if (!(error instanceof ProviderError) || error.code !== 'held') throw error;
    }
  }
}

/**
 * Whether the holds may go: nothing is locked any more; or nothing was touched yet and a person has to do something,
 * which may be just what a hold forbids: stop the instance, let the volume grow.
 */
export function needsNoHolds({ locks, standing, images }: Migration): boolean {
  if (locks.length === 0) return true;
  const waits = standing.state === 'waiting' && standing.returnsTo === 'checking';
  return waits && images.every(({ content }) => content.kind === 'untouched');
}

/** What is held still: the migration does not need it any more. `isBusy` keeps those out that are being worked on. */
export async function sweepHolds(
  provider: Provider,
  get: (id: string) => Promise<Migration | undefined>,
  isBusy: (id: string) => boolean,
): Promise<void> {
  const volumes = (await provider.listVolumes()).map((volume) => ({ kind: 'volume' as const, ...volume }));
  const instances = (await provider.listInstances()).map((instance) => ({ kind: 'instance' as const, ...instance }));
  for (const { kind, id, heldBy } of [...volumes, ...instances]) {
    if (heldBy === undefined || isBusy(heldBy.holder)) continue;
    const migration = await get(heldBy.holder);
    // Nothing may be awaited from here on: it could be taken up again in between.
    if (migration === undefined || !needsNoHolds(migration) || isBusy(heldBy.holder)) continue;
    await provider.release({ kind, id }, heldBy.holder);
  }
}
