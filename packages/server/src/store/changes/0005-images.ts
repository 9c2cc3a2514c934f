import type { SchemaChange } from './change.ts';

/** Images that were looked at. */
export const images: SchemaChange = {
  number: 5,
  name: 'images',
  async apply(db) {
    await db.schema
      .createTable('seen_image')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('link_folded', 'text', (column) => column.notNull())
      .addColumn('seen_at', 'bigint', (column) => column.notNull())
      .addColumn('body', 'text', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('seen_image_newest').on('seen_image').columns(['seen_at', 'id']).execute();
  },
};
