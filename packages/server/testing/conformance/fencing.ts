import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/base/errors.ts';
import type { Claim, MigrationStore } from '../../src/migrations/store.ts';
import { dataRequest } from '../requests.ts';
import { claimed, expectRefused, LEASE, onStage, type MakeDatabase } from './scene.ts';

export function fencing(make: MakeDatabase): void {
  describe('a fence', () => {
    it('of a lease that another took over is refused at every append, heartbeat and release', () =>
      onStage(make, async ({ store, clock }) => {
        const { migration, fence } = await claimed(store, 'w1');
        const { id, version } = migration;
        clock.pass(LEASE.leaseMs);
        const second = await store.claim('w2', LEASE);
        await expectRefused(store.append(id, fence, version, { kind: 'locked' }), 'stale-fence');
        await expectRefused(store.heartbeat(id, fence, LEASE.leaseMs), 'stale-fence');
        await expectRefused(store.release(id, fence), 'stale-fence');
        expect(await store.get(id)).toEqual(migration);
        const after = await store.append(id, second?.fence ?? 0, version, { kind: 'taken', worker: 'w2' });
        expect(after.worker).toBe('w2');
        await expectRefused(store.append(id, fence, after.version, { kind: 'locked' }), 'stale-fence');
      }));

    it('stays good after its lease ran out, as long as nobody claimed', () =>
      onStage(make, async ({ store, clock }) => {
        const { migration, fence } = await claimed(store, 'w1');
        clock.pass(LEASE.leaseMs * 10);
        await store.append(migration.id, fence, migration.version, { kind: 'locked' });
        await store.heartbeat(migration.id, fence, LEASE.leaseMs);
        expect(await store.claim('w2', LEASE)).toBeUndefined();
      }));

    it('is worth nothing after a release, before the first claim, and where it was made up', () =>
      onStage(make, async ({ store }) => {
        const { migration, fence } = await claimed(store, 'w1');
        await expectRefused(store.append(migration.id, fence + 1, 2, { kind: 'locked' }), 'stale-fence');
        await store.release(migration.id, fence);
        await expectRefused(store.append(migration.id, fence, 2, { kind: 'locked' }), 'stale-fence');
        await expectRefused(store.heartbeat(migration.id, fence, 1000), 'stale-fence');
        await expectRefused(store.release(migration.id, fence), 'stale-fence');
        const fresh = await store.create(dataRequest('fresh'));
        await expectRefused(store.append(fresh.id, 0, 1, { kind: 'taken', worker: 'w1' }), 'stale-fence');
        await expectRefused(store.heartbeat(fresh.id, 0, 1000), 'stale-fence');
      }));

    it('is worth nothing once all that its worker held was given back, and others can claim at once', () =>
      onStage(make, async ({ store }) => {
        const first = await claimed(store, 'w1', dataRequest('one'));
        const second = await claimed(store, 'w1', dataRequest('two'));
        const other = await claimed(store, 'w2', dataRequest('three'));
        expect(await store.releaseAllOf('w1')).toBe(2);
        expect(await store.releaseAllOf('w1')).toBe(0);
        expect(await store.releaseAllOf('\0')).toBe(0);
        for (const { migration, fence } of [first, second]) {
          await expectRefused(store.append(migration.id, fence, migration.version, { kind: 'locked' }), 'stale-fence');
        }
        await store.append(other.migration.id, other.fence, other.migration.version, { kind: 'locked' });
        expect((await store.claim('w3', LEASE))?.fence).toBeGreaterThan(first.fence);
      }));

    it('only grows', () =>
      onStage(make, async ({ store, clock }) => {
        const { id } = await store.create(dataRequest('one'));
        let last = 0;
        for (let round = 0; round < 6; round++) {
          const claim = await store.claim('w1', LEASE);
          expect(claim?.fence).toBeGreaterThan(last);
          last = claim?.fence ?? last;
          if (round % 2 === 0) await store.release(id, last);
          else clock.pass(LEASE.leaseMs);
        }
      }));

    it('is not needed for what a person asks, which a heartbeat tells the worker', () =>
      onStage(make, async ({ store }) => {
        const { migration, fence } = await claimed(store, 'w1');
        const { id, version } = migration;
        const asked = await store.request(id, version, { kind: 'cancel-asked', by: 'ann' });
        expect(await store.heartbeat(id, fence, LEASE.leaseMs)).toEqual(asked);
        expect(asked).toMatchObject({ asked: 'cancel', standing: { state: 'checking' } });
        await expectRefused(store.append(id, fence, version, { kind: 'locked' }), 'version-conflict');
        const over = await store.append(id, fence, asked.version, { kind: 'cancelled', goesOn: false });
        expect(over.standing.state).toBe('cancelled');
        await store.release(id, fence);
      }));

    it('decides between two that both believe they own a migration: one wins every append', () =>
      onStage(make, async ({ store, clock, another }) => {
        const other = await another();
        const first = await claimed(store, 'w1');
        const { id } = first.migration;
        clock.pass(LEASE.leaseMs);
        // While the second claims, the first goes on in the belief that it still holds it.
        const [claim, early] = await Promise.all([claimSoon(other, 'w2'), takeAgain(store, id, first.fence, 'w1', 10)]);
        const { fence } = claim;
        const [mine, theirs] = await Promise.all([
          takeAgain(other, id, fence, 'w2', 20),
          takeAgain(store, id, first.fence, 'w1', 20),
        ]);
        expect(theirs).toBe(0);
        expect(mine).toBe(20);
        const log = await store.events(id, 0);
        expect(log).toHaveLength(2 + early + mine);
        const workers = log.slice(2).map(({ event }) => (event.kind === 'taken' ? event.worker : event.kind));
        expect(workers).toEqual([...Array<string>(early).fill('w1'), ...Array<string>(mine).fill('w2')]);
      }));
  });
}

/** A claim may pass by a migration that is just being written. */
async function claimSoon(store: MigrationStore, worker: string): Promise<Claim> {
  for (;;) {
    const claim = await store.claim(worker, LEASE);
    if (claim) return claim;
  }
}

/** Appends to whatever version there is, so that nothing but the fence can refuse it for good. Gives how many were taken. */
async function takeAgain(store: MigrationStore, id: string, fence: number, worker: string, times: number) {
  let taken = 0;
  for (let round = 0; round < times; round++) {
    const { version } = await store.get(id);
    try {
      await store.append(id, fence, version, { kind: 'taken', worker });
      taken++;
    } catch (thrown) {
      if (!(thrown instanceof ServiceError) || thrown.code !== 'stale-fence') throw thrown;
    }
  }
  return taken;
}
