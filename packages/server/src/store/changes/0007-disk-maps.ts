import type { SchemaChange } from './change.ts';

/** What was where on each disk when a worker last looked. */
export const diskMaps: SchemaChange = {
  number: 7,
  name: 'disk maps',
  async apply(db) {
    await db.schema
      .createTable('disk_map')
      .addColumn('migration_id', 'text', (column) => column.notNull().references('migration.id'))
      .addColumn('image', 'integer', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('disk_map_key', ['migration_id', 'image'])
      .execute();
  },
};
