import { advanceByUser } from './advance-by-user.ts';
import { advanceByWorker } from './advance-by-worker.ts';
import { ServiceError } from '../base/errors.ts';
import type { LoggedEvent, MigrationEvent, UserEvent } from './event.ts';
import type { Migration } from './migration.ts';
import { newMigration } from './new-migration.ts';

/** The migration after an event, one version on. Pure: what does not fit throws, and changes nothing. */
export function advance(migration: Migration, event: MigrationEvent): Migration {
  const after = isUserEvent(event) ? advanceByUser(migration, event) : advanceByWorker(migration, event);
  return { ...after, version: migration.version + 1 };
}

/** The migration that a log tells of, from its first event on. */
export function replay(log: readonly Pick<LoggedEvent, 'event'>[]): Migration {
  const [first, ...rest] = log.map(({ event }) => event);
  if (first?.kind !== 'created') {
    throw new ServiceError('illegal-transition', `a log begins with created, not with ${first?.kind ?? 'nothing'}`);
  }
  return rest.reduce((migration, event) => {
    if (event.kind === 'created') throw new ServiceError('illegal-transition', 'a migration is created once');
    return advance(migration, event);
  }, newMigration(first));
}

function isUserEvent(event: MigrationEvent): event is UserEvent {
  return 'by' in event;
}
