import { ServiceError } from '../../base/errors.ts';
import type { UserEvent } from '../../migrations/event.ts';
import type { Migration } from '../../migrations/migration.ts';
import type { Stores } from '../../store/stores.ts';
import type { ApiParts } from '../parts.ts';

export interface Ask {
  readonly id: string;
  readonly by: string;
  /** What the person looked at; undefined: whatever it is by now. */
  readonly version: number | undefined;
  readonly signal: AbortSignal;
}

const MOST_TRIES = 10;

/**
 * Asks something of a migration. Without a version it is asked of what the migration has become meanwhile: a worker that
 * records progress every few seconds does not refuse a person.
 */
export async function act(parts: Pick<ApiParts, 'stores' | 'nudge'>, ask: Ask, event: UserEvent): Promise<Migration> {
  const { migrations } = parts.stores;
  for (let tries = 1; ; tries += 1) {
    const { version } = await currentOf(parts.stores, ask);
    try {
      const after = await migrations.request(ask.id, version, event);
      parts.nudge();
      return after;
    } catch (error) {
      const changed = error instanceof ServiceError && error.code === 'version-conflict';
      if (!changed || ask.version !== undefined || tries === MOST_TRIES) throw error;
    }
  }
}

/** @throws ServiceError `version-conflict` where it is not the version that was named any more */
export async function currentOf({ migrations }: Pick<Stores, 'migrations'>, { id, version }: Ask): Promise<Migration> {
  const current = await migrations.get(id);
  if (version === undefined || version === current.version) return current;
  throw new ServiceError('version-conflict', `${id} is at version ${current.version}, not ${version}`);
}
