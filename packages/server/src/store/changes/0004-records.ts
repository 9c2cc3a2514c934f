import type { Queries } from '../database.ts';
import type { SchemaChange } from './change.ts';

/** Sealed secrets, settings, the fleet, live progress and receipts. */
export const records: SchemaChange = {
  number: 4,
  name: 'records',
  async apply(db) {
    await db.schema
      .createTable('secret')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('key_id', 'text', (column) => column.notNull())
      .addColumn('nonce', 'text', (column) => column.notNull())
      .addColumn('sealed', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('setting')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await createFleet(db);
    await createOfMigration(db, 'live');
    await createOfMigration(db, 'receipt');
  },
};

async function createFleet(db: Queries): Promise<void> {
  await db.schema
    .createTable('worker')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
  await db.schema
    .createTable('inventory')
    .addColumn('provider', 'text', (column) => column.primaryKey())
    .addColumn('worker', 'text', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('owner_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
}

/** At most one of each migration. */
async function createOfMigration(db: Queries, table: 'live' | 'receipt'): Promise<void> {
  await db.schema
    .createTable(table)
    .addColumn('migration_id', 'text', (column) => column.primaryKey().references('migration.id'))
    .addColumn('body', 'text', (column) => column.notNull())
    .execute();
}
