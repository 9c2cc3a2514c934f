import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres } from '../../../testing/postgres-programs.ts';
import { execute, startPostgres, type PostgresServer } from '../../../testing/postgres-server.ts';
import { sampleRequest } from '../../../testing/requests.ts';
import { newMigration } from '../../migrations/new-migration.ts';
import { applyChanges } from '../apply-changes.ts';
import type { Context, Database } from '../database.ts';
import { migrationStore } from '../migrations/migration-store.ts';
import { project } from '../migrations/project.ts';
import { openPostgres } from '../postgres/open-postgres.ts';
import { NodeSqliteDialect } from '../sqlite/driver.ts';
import { sqliteOver } from '../sqlite/open-sqlite.ts';
import { CHANGES } from './changes.ts';

const IDS = ['m-1', 'm-2', 'm-3'];

/** Rows as the service before this change wrote them. */
async function fillOld(db: Kysely<Database>): Promise<void> {
  for (const id of IDS) {
    const request = { ...sampleRequest(), by: id === 'm-2' ? 'bo' : 'ann' };
    const row = {
      id,
      idempotency_key: null,
      fingerprint: 'x',
      ...project(newMigration({ kind: 'created', id, createdAt: 1, request })),
    };
    await db
      .insertInto('migration')
      .values(row as typeof row & { created_by: string })
      .execute();
  }
}

async function expectFound(context: Context): Promise<void> {
  const store = migrationStore(context);
  const found = async (ask: object) => (await store.list({ limit: 9, ...ask })).migrations.map(({ id }) => id);
  expect(await found({})).toEqual(IDS.toReversed());
  expect(await found({ by: 'bo' })).toEqual(['m-2']);
  expect(await found({ resource: 'volume:i-1-vol-1', by: 'ann' })).toEqual(['m-3', 'm-1']);
  expect(await store.claim('w', { leaseMs: 1, fullHosts: ['images.example'] })).toBeUndefined();
  expect(await store.claim('w', { leaseMs: 1 })).toBeDefined();
}

describe('change 2 of the schema', () => {
  it('fills in what migrations that were there are found by', async () => {
    const database = new DatabaseSync(':memory:');
    const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(database) });
    await applyChanges({ db, system: 'sqlite' }, CHANGES.slice(0, 1));
    await fillOld(db);
    const context = await sqliteOver(database);
    await expectFound(context);
    await context.db.destroy();
  });
});

describe.skipIf(!hasPostgres())('change 2 of the schema in PostgreSQL [needs postgres]', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ durable: false });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('fills in what migrations that were there are found by', async () => {
    const where = await server.create();
    const before = await openPostgres(where);
    await execute(where, 'drop schema public cascade; create schema public');
    await applyChanges(before, CHANGES.slice(0, 1));
    await fillOld(before.db);
    await before.db.destroy();
    const context = await openPostgres(where);
    await expectFound(context);
    await context.db.destroy();
  });
});
