import type { SchemaChange } from './change.ts';

/** What workers say about a migration while they work on it. */
export const lines: SchemaChange = {
  number: 6,
  name: 'lines',
  async apply(db) {
    await db.schema
      .createTable('log_line')
      .addColumn('migration_id', 'text', (column) => column.notNull().references('migration.id'))
      .addColumn('seq', 'bigint', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('level', 'text', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('log_line_key', ['migration_id', 'seq'])
      .execute();
  },
};
