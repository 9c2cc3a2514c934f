import { expect } from 'vitest';
import type { ServiceErrorCode } from '../../src/base/errors.ts';
import type { MigrationRequest } from '../../src/migrations/request.ts';
import type { Claim, MigrationStore } from '../../src/migrations/store.ts';
import type { Stores } from '../../src/store/stores.ts';
import { testClock, type TestClock } from '../clock.ts';
import { dataRequest } from '../requests.ts';

/** An empty database of its own for each test. */
export type MakeDatabase = () => Promise<DatabaseUnderTest>;

export interface DatabaseUnderTest {
  /** As `openStores` takes it. */
  readonly where: string;
  open(clock?: () => number): Promise<Stores>;
  dispose(): Promise<void>;
}

export interface Scene {
  readonly stores: Stores;
  /** Its migrations. */
  readonly store: MigrationStore;
  readonly clock: TestClock;
  readonly where: string;
  /** The same database once more, as another process has it; closed after the test. */
  anotherStores(): Promise<Stores>;
  another(): Promise<MigrationStore>;
}

export async function onStage(make: MakeDatabase, play: (scene: Scene) => Promise<void>): Promise<void> {
  const database = await make();
  const clock = testClock();
  const opened: Stores[] = [];
  const anotherStores = async () => {
    const store = await database.open(clock);
    opened.push(store);
    return store;
  };
  try {
    const stores = await anotherStores();
    const another = async () => (await anotherStores()).migrations;
    await play({ stores, store: stores.migrations, clock, where: database.where, anotherStores, another });
  } finally {
    for (const store of opened) await store[Symbol.asyncDispose]();
    await database.dispose();
  }
}

export const LEASE = { leaseMs: 30_000 };

/** A migration that `worker` holds, and has begun with. */
export async function claimed(
  store: MigrationStore,
  worker: string,
  request: MigrationRequest = dataRequest('one'),
): Promise<Claim> {
  const { id } = await store.create(request);
  const claim = await store.claim(worker, LEASE);
  if (claim?.migration.id !== id) throw new Error(`claimed ${claim?.migration.id} instead of ${id}`);
  return { ...claim, migration: await store.append(id, claim.fence, 1, { kind: 'taken', worker }) };
}

export async function expectRefused(promise: Promise<unknown>, code: ServiceErrorCode): Promise<void> {
  await expect(promise).rejects.toMatchObject({ name: 'ServiceError', code });
}
