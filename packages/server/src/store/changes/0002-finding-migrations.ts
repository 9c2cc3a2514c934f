import { sql } from 'kysely';
import type { Migration } from '../../migrations/migration.ts';
import { sourceHosts } from '../../migrations/source-host.ts';
import { resourcesOf } from '../../migrations/stages.ts';
import type { Queries } from '../database.ts';
import type { SchemaChange } from './change.ts';

/** By whom, onto what and from where a migration is, to list and to limit by. */
export const findingMigrations: SchemaChange = {
  number: 2,
  name: 'finding migrations',
  async apply(db) {
    await db.schema
      .alterTable('migration')
      .addColumn('created_by', 'text', (column) => column.notNull().defaultTo(''))
      .execute();
    await db.schema.createIndex('migration_created_by').on('migration').columns(['created_by', 'seq']).execute();
    await sql`create index migration_leased on migration (lease_until) where lease_worker is not null`.execute(db);
    await createRelated(db, 'resource');
    await createRelated(db, 'host');
    await db.schema
      .createIndex('migration_by_resource')
      .on('migration_resource')
      .columns(['resource', 'migration_id'])
      .execute();
    await fillIn(db);
  },
};

async function createRelated(db: Queries, what: 'resource' | 'host'): Promise<void> {
  await db.schema
    .createTable(`migration_${what}`)
    .addColumn('migration_id', 'text', (column) => column.notNull().references('migration.id'))
    .addColumn(what, 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint(`migration_${what}_key`, ['migration_id', what])
    .execute();
}

/** For the migrations that are there already. One after the other: each may be large, and there may be many. */
async function fillIn(db: Queries): Promise<void> {
  for (let seq = 0; ;) {
    const row = await db
      .selectFrom('migration')
      .select(['seq', 'body'])
      .where('seq', '>', seq)
      .orderBy('seq')
      .limit(1)
      .executeTakeFirst();
    if (!row) return;
    ({ seq } = row);
    const migration = JSON.parse(row.body) as Migration;
    const { id, createdBy, images } = migration;
    await db.updateTable('migration').set({ created_by: createdBy }).where('seq', '=', seq).execute();
    const resources = resourcesOf(migration).map((resource) => ({ migration_id: id, resource }));
    await db.insertInto('migration_resource').values(resources).execute();
    const hosts = sourceHosts(images).map((host) => ({ migration_id: id, host }));
    await db.insertInto('migration_host').values(hosts).execute();
  }
}
