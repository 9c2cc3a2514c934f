import type { Migration } from '../../migrations/migration.ts';
import { sourceHosts } from '../../migrations/source-host.ts';
import { resourcesOf } from '../../migrations/stages.ts';
import type { Queries } from '../database.ts';

/** What a migration is found by and that has many values: labels, resources, hosts. Only hosts change later. */
export async function insertRelated(db: Queries, migration: Migration): Promise<void> {
  const { id, options } = migration;
  const labels = [...new Set(options.labels)].map((label) => ({ migration_id: id, label }));
  if (labels.length > 0) await db.insertInto('migration_label').values(labels).execute();
  const resources = resourcesOf(migration).map((resource) => ({ migration_id: id, resource }));
  await db.insertInto('migration_resource').values(resources).execute();
  await insertHosts(db, migration);
}

export async function replaceHosts(db: Queries, migration: Migration): Promise<void> {
  await db.deleteFrom('migration_host').where('migration_id', '=', migration.id).execute();
  await insertHosts(db, migration);
}

async function insertHosts(db: Queries, { id, images }: Migration): Promise<void> {
  const hosts = sourceHosts(images).map((host) => ({ migration_id: id, host }));
  await db.insertInto('migration_host').values(hosts).execute();
}
