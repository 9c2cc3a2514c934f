import { describe, expect, it } from 'vitest';
import type { ClaimAsk, MigrationStore } from '../../src/migrations/store.ts';
import { dataRequest } from '../requests.ts';
import { claimed, LEASE, onStage, type MakeDatabase } from './scene.ts';

export function claiming(make: MakeDatabase): void {
  describe('claim', () => {
    it('gives the most urgent, the oldest among them, and nothing where nothing is left', () =>
      onStage(make, async ({ store }) => {
        await store.create(dataRequest('usual-1'));
        await store.create(dataRequest('late', { priority: -1 }));
        await store.create(dataRequest('urgent-1', { priority: 5 }));
        await store.create(dataRequest('urgent-2', { priority: 5 }));
        await store.create(dataRequest('usual-2'));
        const order = ['urgent-1', 'urgent-2', 'usual-1', 'usual-2', 'late', undefined];
        for (const name of order) expect(await claimName(store)).toBe(name);
      }));

    it('gives nothing before its start time, however urgent', () =>
      onStage(make, async ({ store, clock }) => {
        await store.create(dataRequest('timed', { notBefore: clock() + 1000, priority: 9 }));
        expect(await claimName(store)).toBeUndefined();
        clock.pass(999);
        expect(await claimName(store)).toBeUndefined();
        clock.pass(1);
        expect(await claimName(store)).toBe('timed');
      }));

    it('gives a migration only to a worker that has all of its labels', () =>
      onStage(make, async ({ store }) => {
        await store.create(dataRequest('far', { labels: ['rack-1', 'nbd'] }));
        expect(await claimName(store)).toBeUndefined();
        expect(await claimName(store, { labels: ['rack-1'] })).toBeUndefined();
        expect(await claimName(store, { labels: ['nbd', 'rack-2'] })).toBeUndefined();
        expect(await claimName(store, { labels: ['nbd', 'rack-2', 'rack-1'] })).toBe('far');
        await store.create(dataRequest('anywhere'));
        expect(await claimName(store, { labels: ['rack-9'] })).toBe('anywhere');
      }));

    it('gives it again once the lease has run out, and not a moment before', () =>
      onStage(make, async ({ store, clock }) => {
        const { migration, fence } = await claimed(store, 'w1');
        clock.pass(LEASE.leaseMs - 1);
        expect(await store.claim('w2', LEASE)).toBeUndefined();
        clock.pass(1);
        const second = await store.claim('w2', LEASE);
        expect(second).toMatchObject({ migration });
        expect(second?.fence).toBeGreaterThan(fence);
      }));

    it('is put off by a heartbeat, and at once possible after a release', () =>
      onStage(make, async ({ store, clock }) => {
        const { migration, fence } = await claimed(store, 'w1');
        clock.pass(LEASE.leaseMs - 1);
        await store.heartbeat(migration.id, fence, LEASE.leaseMs);
        clock.pass(LEASE.leaseMs - 1);
        expect(await store.claim('w2', LEASE)).toBeUndefined();
        await store.release(migration.id, fence);
        expect((await store.claim('w2', LEASE))?.migration.id).toBe(migration.id);
      }));

    it('leaves what is paused, over, or waits for a person', () =>
      onStage(make, async ({ store, clock }) => {
        const waits = await claimed(store, 'w1', dataRequest('waits'));
        const { id, version } = waits.migration;
        await store.append(id, waits.fence, version, { kind: 'wait-began', for: 'person', detail: null });
        const paused = await store.create(dataRequest('paused'));
        await store.request(paused.id, 1, { kind: 'pause-asked', by: 'ann' });
        const over = await store.create(dataRequest('over'));
        await store.request(over.id, 1, { kind: 'cancel-asked', by: 'ann' });
        clock.pass(LEASE.leaseMs);
        expect(await store.claim('w2', LEASE)).toBeUndefined();
        await store.request(paused.id, 2, { kind: 'resume-asked', by: 'ann' });
        expect(await claimName(store)).toBe('paused');
        await store.request(over.id, 2, { kind: 'retry-asked', by: 'ann' });
        expect(await claimName(store)).toBe('over');
      }));

    it('gives each migration to exactly one, many at once', () =>
      onStage(make, async ({ store, another }) => {
        const stores = [store, await another(), await another()];
        for (let index = 0; index < 60; index++) await store.create(dataRequest(`n-${index}`));
        const all = await Promise.all(
          Array.from({ length: 12 }, (_, index) => claimAll(stores[index % 3] ?? store, `w${index}`)),
        );
        expect(all.flat().toSorted()).toEqual(Array.from({ length: 60 }, (_, index) => `n-${index}`).toSorted());
        expect(all.filter((got) => got.length > 0).length).toBeGreaterThan(1);
      }));
  });
}

async function claimName(store: MigrationStore, ask: Partial<ClaimAsk> = {}): Promise<string | undefined> {
  return (await store.claim('w1', { ...LEASE, ...ask }))?.migration.name;
}

async function claimAll(store: MigrationStore, worker: string): Promise<string[]> {
  const names: string[] = [];
  for (let claim = await store.claim(worker, LEASE); claim; claim = await store.claim(worker, LEASE)) {
    names.push(claim.migration.name);
  }
  return names;
}
