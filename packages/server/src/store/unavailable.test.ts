import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { claimed, expectRefused, LEASE } from '../../testing/conformance/scene.ts';
import { hasPostgres } from '../../testing/postgres-programs.ts';
import { execute, startPostgres } from '../../testing/postgres-server.ts';
import { dataRequest } from '../../testing/requests.ts';
import { TEST_KEY } from '../../testing/test-key.ts';
import { ServiceError } from '../base/errors.ts';
import { replay } from '../migrations/advance.ts';
import { SecretBox } from '../secrets/secret-box.ts';
import { openStores } from './open-stores.ts';
import { openFile } from './sqlite/open-file.ts';
import { sqliteOver } from './sqlite/open-sqlite.ts';
import { storesOver } from './stores-over.ts';
import type { Stores } from './stores.ts';
import { isUnavailable } from './unavailable.ts';

/** A store whose own connection a test can spoil. */
async function withSqlite(play: (stores: Stores, database: DatabaseSync) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'diskferry-store-'));
  try {
    const database = await openFile(join(folder, 'store.sqlite'));
    await using stores = storesOver(await sqliteOver(database), new SecretBox(TEST_KEY));
    await play(stores, database);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function createUntilRefused({ migrations }: Stores): Promise<number> {
  for (let made = 0; ; made++) {
    try {
      await migrations.create(dataRequest(`n-${made}`));
    } catch (thrown) {
      expect(thrown).toMatchObject({ name: 'ServiceError', code: 'store-unavailable' });
      return made;
    }
  }
}

describe('an SQLite store on a full disk', () => {
  it('says so, keeps what it had, can be read, and goes on once there is room', () =>
    withSqlite(async (stores, database) => {
      const { migration, fence } = await claimed(stores.migrations, 'w1');
      const { page_count: pages } = database.prepare('pragma page_count').get() as { page_count: number };
      database.exec(`pragma max_page_count = ${pages + 20}`);
      const made = await createUntilRefused(stores);
      expect(made).toBeGreaterThan(0);
      const secret = { link: 'x'.repeat(100_000) };
      await expect(stores.secrets.seal(secret)).rejects.toThrow('database or disk is full');
      await expectRefused(stores.secrets.seal(secret), 'store-unavailable');
      expect((await stores.migrations.list({ limit: 500 })).migrations).toHaveLength(made + 1);
      expect(replay(await stores.migrations.events(migration.id, 0))).toEqual(migration);
      database.exec('pragma max_page_count = 1000000');
      await stores.migrations.append(migration.id, fence, migration.version, { kind: 'locked' });
      expect(await stores.secrets.open(await stores.secrets.seal(secret))).toEqual(secret);
    }));
});

describe('an SQLite store that may not be written', () => {
  it('refuses every part that writes, and goes on once it may', () =>
    withSqlite(async (stores, database) => {
      const { migration, fence } = await claimed(stores.migrations, 'w1');
      database.exec('pragma query_only = on');
      const entry = { who: 'a', from: 'b', action: 'c', target: null, outcome: 'done', detail: null } as const;
      const writes = {
        create: () => stores.migrations.create(dataRequest('b')),
        heartbeat: () => stores.migrations.heartbeat(migration.id, fence, LEASE.leaseMs),
        append: () => stores.migrations.append(migration.id, fence, 2, { kind: 'locked' }),
        seal: () => stores.secrets.seal({ link: 'x' }),
        audit: () => stores.audit.write(entry),
        link: () => stores.access.createSignInLink('admin'),
      };
      for (const write of Object.values(writes)) await expectRefused(write(), 'store-unavailable');
      await stores.ping();
      database.exec('pragma query_only = off');
      for (const write of Object.values(writes)) await write();
    }));
});

describe.skipIf(!hasPostgres())('a PostgreSQL store that is lost [needs postgres]', () => {
  it('says so in every part, and goes on when it is back', async () => {
    await using server = await startPostgres({ durable: true });
    const where = await server.create();
    await using stores = await openStores(where, { secretKey: TEST_KEY });
    const id = await stores.secrets.seal({ link: 'x' });
    const idle = Array.from({ length: 5 }, () => stores.ping());
    await Promise.all(idle);
    await server.crash();
    for (let time = 0; time < 3; time++) {
      await expectRefused(stores.ping(), 'store-unavailable');
      await expectRefused(stores.migrations.create(dataRequest('a')), 'store-unavailable');
      await expectRefused(stores.secrets.open(id), 'store-unavailable');
      await expectRefused(stores.access.createSignInLink('admin'), 'store-unavailable');
    }
    await expectRefused(openStores(where, { secretKey: TEST_KEY }), 'store-unavailable');
    await server.start();
    expect(await stores.secrets.open(id)).toEqual({ link: 'x' });
    await stores.migrations.create(dataRequest('a'));
  });

  it('says so where the database is not there, or takes no writes', async () => {
    await using server = await startPostgres({ durable: false });
    const where = await server.create();
    const gone = where.replace(/test_\d+/, 'never_made');
    await expectRefused(openStores(gone, { secretKey: TEST_KEY }), 'store-unavailable');
    await using stores = await openStores(where, { secretKey: TEST_KEY });
    await reconnect(where, 'on');
    await expectRefused(stores.migrations.create(dataRequest('a')), 'store-unavailable');
    await stores.ping();
    await reconnect(where, 'off');
    await stores.migrations.create(dataRequest('a'));
  });
});

/** The database takes no writes, or takes them again; who is connected is thrown out and comes back to that. */
async function reconnect(where: string, readOnly: 'on' | 'off'): Promise<void> {
  await execute(
    where,
    `set transaction read write; alter database test_0 set default_transaction_read_only = ${readOnly}`,
  );
  const others = 'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()';
  await execute(where, `${others} and pid <> pg_backend_pid()`);
}

describe('isUnavailable()', () => {
  it('knows a connection that is refused', async () => {
    const refused = await new Promise((settle) => connect(1, '127.0.0.1').once('error', settle));
    expect(isUnavailable(refused)).toBe(true);
    expect(isUnavailable(new AggregateError([refused], ''))).toBe(true);
  });

  it('knows PostgreSQL by its codes, and takes no fault of a statement for it', () => {
    const yes = ['08006', '53100', '53300', '57P01', '57P03', '58030', '25006', '28P01', '3D000'];
    expect(yes.filter((code) => !coded(code))).toEqual([]);
    const no = ['23505', '42601', '40001', '22021', '25P02', '57014'];
    expect(no.filter(coded)).toEqual([]);
    for (const message of ['Connection terminated unexpectedly', 'timeout exceeded when trying to connect']) {
      expect(isUnavailable(new Error(message))).toBe(true);
    }
  });

  it('takes nothing else for it', () => {
    expect([13, 8, 10, 14, 778, 5].every(sqlite)).toBe(true);
    expect([1, 19, 2067, 11, 26].some(sqlite)).toBe(false);
    expect(isUnavailable(new TypeError('x'))).toBe(false);
    expect(isUnavailable('x')).toBe(false);
    expect(isUnavailable(new ServiceError('stale-fence', 'x'))).toBe(false);
    expect(isUnavailable(new ServiceError('store-unavailable', 'x'))).toBe(true);
  });
});

function coded(code: string): boolean {
  return isUnavailable(Object.assign(new Error('x'), { code }));
}

function sqlite(errcode: number): boolean {
  return isUnavailable(Object.assign(new Error('x'), { code: 'ERR_SQLITE_ERROR', errcode }));
}
