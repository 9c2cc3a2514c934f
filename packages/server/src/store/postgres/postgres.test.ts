import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimed, expectRefused, LEASE } from '../../../testing/conformance/scene.ts';
import { hasPostgres } from '../../../testing/postgres-programs.ts';
import { startPostgres, type PostgresServer } from '../../../testing/postgres-server.ts';
import { dataRequest } from '../../../testing/requests.ts';
import { storeConformance } from '../../../testing/store-conformance.ts';
import type { MigrationStore } from '../../migrations/store.ts';
import { TEST_KEY } from '../../../testing/test-key.ts';
import { openStores } from '../open-stores.ts';

describe.skipIf(!hasPostgres())('PostgreSQL [needs postgres]', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres({ durable: false });
  });
  afterAll(() => server[Symbol.asyncDispose]());

  storeConformance('PostgreSQL', async () => {
    const where = await server.create();
    return {
      where,
      open: (clock) => openStores(where, { secretKey: TEST_KEY, ...(clock && { clock }) }),
      dispose: () => server.drop(where),
    };
  });

  it('refuses an append that had read its fence before another claimed', async () => {
    const where = await server.create();
    await using stores = await openStores(where, { secretKey: TEST_KEY });
    const store = stores.migrations;
    const { migration, fence } = await claimed(store, 'w1');
    const rival = new Client({ connectionString: where });
    await rival.connect();
    await rival.query('begin');
    await rival.query("update migration set fence = fence + 1, lease_worker = 'w2'");
    const late = store.append(migration.id, fence, migration.version, { kind: 'locked' });
    const refused = expectRefused(late, 'stale-fence');
    await untilSomebodyWaits(rival);
    await rival.query('commit');
    await refused;
    expect(await store.get(migration.id)).toEqual(migration);
    await rival.end();
  });

  it('goes by the clock of the database where none is given', async () => {
    await using stores = await openStores(await server.create(), { secretKey: TEST_KEY });
    const store = stores.migrations;
    await store.create(dataRequest('later', { notBefore: Date.now() + 60_000 }));
    await store.create(dataRequest('now', { notBefore: Date.now() - 1 }));
    const claim = await store.claim('w1', LEASE);
    expect(claim?.migration.name).toBe('now');
    expect(await store.claim('w2', LEASE)).toBeUndefined();
    await store.heartbeat(claim?.migration.id ?? '', claim?.fence ?? 0, -60_000);
    expect((await store.claim('w2', LEASE))?.migration.name).toBe('now');
  });
});

describe.skipIf(!hasPostgres())('PostgreSQL that crashes [needs postgres]', () => {
  it('has what it acknowledged when it is back, and the same store goes on', async () => {
    await using server = await startPostgres({ durable: true });
    await using stores = await openStores(await server.create(), { secretKey: TEST_KEY });
    const store = stores.migrations;
    const acknowledged: string[] = [];
    for (let crash = 1; crash <= 3; crash++) {
      const crashing = Promise.withResolvers<void>();
      const crashAt = acknowledged.length + 10 + Math.floor(Math.random() * 30);
      await workUntilRefused(store, (id) => {
        acknowledged.push(id);
        if (acknowledged.length === crashAt) crashing.resolve(server.crash());
      });
      await crashing.promise;
      await server.start();
      for (const id of acknowledged) expect(await store.events(id, 0)).toHaveLength(1);
    }
  });
});

/** Creates until the server is gone. */
async function workUntilRefused(store: MigrationStore, done: (id: string) => void): Promise<void> {
  try {
    for (;;) done((await store.create(dataRequest('n'))).id);
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: 'store-unavailable' });
  }
}

async function untilSomebodyWaits(client: Client): Promise<void> {
  const waiting =
    'select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = $1';
  for (;;) {
    const { rows } = await client.query<{ n: number }>(waiting, ['Lock']);
    if ((rows[0]?.n ?? 0) > 0) return;
    await sleep(5);
  }
}
