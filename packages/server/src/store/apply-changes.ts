import { sql } from 'kysely';
import { ServiceError } from '../base/errors.ts';
import { CHANGES } from './changes/changes.ts';
import type { SchemaChange } from './changes/change.ts';
import type { Context, Queries, System } from './database.ts';

/** Any number that no other program takes for its advisory lock. */
const GUARD = 7_070_001;

/**
 * Brings the schema up to date: each change once, all of them or none. Two processes that open at once come in one after
 * the other: SQLite has one writer, and PostgreSQL a lock for it that ends with the transaction.
 */
export async function applyChanges(
  { db, system }: Pick<Context, 'db' | 'system'>,
  changes: readonly SchemaChange[] = CHANGES,
): Promise<void> {
  await db.transaction().execute(async (within) => {
    if (system === 'postgres') await sql`select pg_advisory_xact_lock(${GUARD})`.execute(within);
    const applied = await lastApplied(within);
    const known = changes.length;
    if (applied > known) {
      throw new ServiceError('newer-schema', `the schema is at change ${applied}; this Diskferry knows ${known}`);
    }
    for (const change of changes.slice(applied)) await applyOne(within, system, change);
  });
}

async function lastApplied(db: Queries): Promise<number> {
  await db.schema
    .createTable('schema_change')
    .ifNotExists()
    .addColumn('number', 'integer', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .execute();
  const row = await db
    .selectFrom('schema_change')
    .select(({ fn }) => fn.max('number').as('last'))
    .executeTakeFirst();
  return row?.last ?? 0;
}

async function applyOne(db: Queries, system: System, change: SchemaChange): Promise<void> {
  await change.apply(db, system);
  await db.insertInto('schema_change').values({ number: change.number, name: change.name }).execute();
}
