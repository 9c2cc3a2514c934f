import { ServiceError } from '../../base/errors.ts';
import { isPrintable } from '../../base/printable.ts';
import type { Migration } from '../../migrations/migration.ts';
import type { Context, Queries } from '../database.ts';

/**
 * Makes the locks of a migration those of the database, where a resource has one holder. They are taken in the order of
 * their names, so two migrations never wait for each other.
 */
export async function moveLocks(db: Queries, before: Migration, after: Migration): Promise<void> {
  const { id } = after;
  const gone = before.locks.filter((resource) => !after.locks.includes(resource));
  const added = after.locks.filter((resource) => !before.locks.includes(resource));
  if (gone.length > 0) {
    await db.deleteFrom('resource_lock').where('migration_id', '=', id).where('resource', 'in', gone).execute();
  }
  if (added.length === 0) return;
  const taken = await db
    .insertInto('resource_lock')
    .values(added.map((resource) => ({ resource, migration_id: id })))
    .onConflict((conflict) => conflict.column('resource').doNothing())
    .returning('resource')
    .execute();
  if (taken.length < added.length) throw await heldByAnother(db, id, added);
}

export async function lockedBy({ db }: Context, resource: string): Promise<string | undefined> {
  const query = db.selectFrom('resource_lock').select('migration_id').where('resource', '=', resource);
  return isPrintable(resource) ? (await query.executeTakeFirst())?.migration_id : undefined;
}

async function heldByAnother(db: Queries, id: string, wanted: readonly string[]): Promise<ServiceError> {
  const row = await db
    .selectFrom('resource_lock')
    .selectAll()
    .where('resource', 'in', wanted)
    .where('migration_id', '!=', id)
    .orderBy('resource')
    .executeTakeFirst();
  const holder = row?.migration_id;
  const who = holder === undefined ? 'another migration until a moment ago' : `migration ${holder}`;
  const message = `${row?.resource ?? wanted.join(', ')} is locked by ${who}`;
  return new ServiceError('resource-locked', message, holder === undefined ? {} : { holder });
}
