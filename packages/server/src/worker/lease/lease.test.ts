import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { dataRequest } from '../../../testing/requests.ts';
import { localFolder } from '../../../testing/local-scene.ts';
import { testStores } from '../../../testing/test-stores.ts';
import { ServiceError } from '../../base/errors.ts';
import type { MigrationStore } from '../../migrations/store.ts';
import { Lease, type LeasedStore } from './lease.ts';
import { LeaseLost } from './lease-lost.ts';

const LEASE_MS = 600;

async function onLease(
  play: (scene: { lease: Lease; store: MigrationStore; id: string }) => Promise<void>,
  wrap: (store: MigrationStore) => LeasedStore = (store) => store,
): Promise<void> {
  await using stores = await testStores(await localFolder());
  const { migrations: store } = stores;
  const { id } = await store.create(dataRequest('one'));
  const askedAt = performance.now();
  const claim = await store.claim('w1', { leaseMs: LEASE_MS });
  if (claim === undefined) throw new Error('nothing was claimed');
  await using lease = new Lease(wrap(store), claim, { leaseMs: LEASE_MS, askedAt });
  await lease.append({ kind: 'taken', worker: 'w1' });
  await play({ lease, store, id });
}

/** The store with some calls replaced. */
function but(store: MigrationStore, calls: Partial<LeasedStore>): LeasedStore {
  const { get, events, heartbeat, append, release } = store;
  return { get, events, heartbeat, append, release, ...calls };
}

const away = () => Promise.reject(new ServiceError('store-unavailable', 'scripted'));

describe('Lease', () => {
  it('is kept by heartbeats, for much longer than it lasts', async () => {
    await onLease(async ({ lease, store }) => {
      await sleep(LEASE_MS * 2.5);
      expect(lease.signal.aborted).toBe(false);
      lease.requireHeld();
      expect(await store.claim('w2', { leaseMs: 1000 })).toBeUndefined();
    });
  });

  it('is lost when its time has passed and the store could not be told, though nobody else has it', async () => {
    await onLease(
      async ({ lease }) => {
        await sleep(LEASE_MS + 100);
        expect(lease.signal.reason).toBeInstanceOf(LeaseLost);
        expect(() => lease.requireHeld()).toThrow(LeaseLost);
        await expect(lease.append({ kind: 'locked' })).rejects.toThrow(LeaseLost);
      },
      (store) => but(store, { heartbeat: away }),
    );
  });

  it('counts from before a heartbeat was sent, not from when it was answered', async () => {
    await onLease(
      async ({ lease }) => {
        await sleep(LEASE_MS + 150);
        expect(lease.signal.aborted).toBe(true);
      },
      (store) =>
        but(store, {
          heartbeat: async (...given) => {
            await sleep(LEASE_MS - 100);
            return await store.heartbeat(...given);
          },
        }),
    );
  });

  it('looks at the clock, not at a timer: a process that was stopped may write before its timers run', async () => {
    await onLease(async ({ lease }) => {
      const until = performance.now() + LEASE_MS + 50;
      while (performance.now() < until);
      expect(() => lease.requireHeld()).toThrow(LeaseLost);
    });
  });

  it('is lost as soon as the store says that another fence holds', async () => {
    await onLease(async ({ lease, store, id }) => {
      await store.release(id, lease.fence);
      await store.claim('w2', { leaseMs: 60_000 });
      await expect(lease.append({ kind: 'locked' })).rejects.toThrow(LeaseLost);
      expect(lease.signal.reason).toBeInstanceOf(LeaseLost);
    });
  });

  it('records events one after the other, and what a person asks comes between', async () => {
    await onLease(async ({ lease, store, id }) => {
      const seen: (string | null)[] = [];
      lease.onSeen(({ asked }) => seen.push(asked));
      await store.request(id, 2, { kind: 'bandwidth-changed', bandwidth: 5, by: 'ann' });
      await store.request(id, 3, { kind: 'pause-asked', by: 'ann' });
      const checked = { kind: 'checked', images: [{ identity: 'a', size: 100 }], instanceRuns: false } as const;
      await Promise.all([lease.append({ kind: 'locked' }), lease.append(checked)]);
      expect(lease.migration).toMatchObject({ version: 6, asked: 'pause', standing: { state: 'transferring' } });
      expect(seen).toContain('pause');
      expect(await store.get(id)).toEqual(lease.migration);
    });
  });

  it('refuses an event that does not fit any more', async () => {
    await onLease(async ({ lease }) => {
      await expect(lease.append({ kind: 'started' })).rejects.toMatchObject({ code: 'illegal-transition' });
      expect(lease.signal.aborted).toBe(false);
    });
  });

  it('sees within a second or so what a person asks', async () => {
    await onLease(async ({ lease, store, id }) => {
      const asked = Promise.withResolvers<void>();
      lease.onSeen((migration) => migration.asked === 'cancel' && asked.resolve());
      const begun = performance.now();
      await store.request(id, 2, { kind: 'cancel-asked', by: 'ann' });
      await asked.promise;
      expect(performance.now() - begun).toBeLessThan(1500);
    });
  });

  it('records an event once, though the answer was lost', async () => {
    let lost = 0;
    await onLease(
      async ({ lease, store, id }) => {
        await lease.append({ kind: 'locked' });
        expect(lost).toBeGreaterThan(0);
        const kinds = (await store.events(id, 0)).map(({ event }) => event.kind);
        expect(kinds).toEqual(['created', 'taken', 'locked']);
        expect(lease.migration.locks).not.toEqual([]);
      },
      (store) =>
        but(store, {
          append: async (...given) => {
            const after = await store.append(...given);
            if (given[3].kind === 'locked' && lost++ === 0) return away();
            return after;
          },
        }),
    );
  });

  it('given back it can be claimed at once', async () => {
    await onLease(async ({ lease, store, id }) => {
      await lease.release();
      expect(() => lease.requireHeld()).toThrow(LeaseLost);
      expect((await store.claim('w2', { leaseMs: 1000 }))?.migration.id).toBe(id);
    });
  });
});
