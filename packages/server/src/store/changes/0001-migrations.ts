import { sql } from 'kysely';
import type { Queries, System } from '../database.ts';
import type { SchemaChange } from './change.ts';

export const migrations: SchemaChange = {
  number: 1,
  name: 'migrations',
  async apply(db, system) {
    await createMigration(db, system);
    await createEvent(db);
    await db.schema
      .createTable('migration_label')
      .addColumn('migration_id', 'text', (column) => column.notNull().references('migration.id'))
      .addColumn('label', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('migration_label_key', ['migration_id', 'label'])
      .execute();
    await db.schema
      .createTable('resource_lock')
      .addColumn('resource', 'text', (column) => column.primaryKey())
      .addColumn('migration_id', 'text', (column) => column.notNull().references('migration.id'))
      .execute();
  },
};

async function createMigration(db: Queries, system: System): Promise<void> {
  const table = db.schema.createTable('migration');
  // SQLite never gives a number twice only with autoincrement, and has that only for `integer primary key`.
  const numbered =
    system === 'sqlite'
      ? table.addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
      : table.addColumn('seq', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity());
  await numbered
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('idempotency_key', 'text', (column) => column.unique())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('name_folded', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('runnable', 'integer', (column) => column.notNull())
    .addColumn('priority', 'integer', (column) => column.notNull())
    .addColumn('not_before', 'bigint', (column) => column.notNull())
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('fence', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('lease_worker', 'text')
    .addColumn('lease_until', 'bigint')
    .execute();
  await sql`create index migration_claim on migration (priority desc, seq) where runnable = 1`.execute(db);
  await db.schema.createIndex('migration_state').on('migration').columns(['state', 'seq']).execute();
}

async function createEvent(db: Queries): Promise<void> {
  await db.schema
    .createTable('migration_event')
    .addColumn('migration_id', 'text', (column) => column.notNull().references('migration.id'))
    .addColumn('version', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('migration_event_key', ['migration_id', 'version'])
    .execute();
}
