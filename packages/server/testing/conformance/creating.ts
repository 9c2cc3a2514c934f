import { describe, expect, it } from 'vitest';
import { replay } from '../../src/migrations/advance.ts';
import { HALF_WAY } from '../lives.ts';
import { dataRequest, sampleRequest } from '../requests.ts';
import { claimed, expectRefused, onStage, type MakeDatabase } from './scene.ts';

export function creating(make: MakeDatabase): void {
  describe('create and read', () => {
    it('gives what was created', () =>
      onStage(make, async ({ store, clock }) => {
        const made = await store.create(sampleRequest());
        expect(made).toMatchObject({
          name: 'web server',
          version: 1,
          createdAt: clock(),
          standing: { state: 'queued' },
        });
        expect(await store.get(made.id)).toEqual(made);
      }));

    it('refuses what is not sound, and what is not there', () =>
      onStage(make, async ({ store }) => {
        await expectRefused(store.create(sampleRequest({ images: [] })), 'invalid-request');
        expect((await store.list({ limit: 5 })).migrations).toEqual([]);
        await expectRefused(store.get('no-such'), 'not-found');
        await expectRefused(store.events('no-such', 0), 'not-found');
        await expectRefused(store.append('no-such', 1, 1, { kind: 'locked' }), 'not-found');
        await expectRefused(store.heartbeat('no-such', 1, 1000), 'not-found');
      }));

    it('refuses control characters and leases without a number before a database sees them', () =>
      onStage(make, async ({ store }) => {
        await expectRefused(store.create(dataRequest('a\0b')), 'invalid-request');
        await expectRefused(store.create(dataRequest('a', { labels: ['\0'] })), 'invalid-request');
        await expectRefused(store.create(dataRequest('a'), 'key\0'), 'invalid-request');
        await expectRefused(store.list({ limit: 5, text: '\0' }), 'invalid-request');
        await expectRefused(store.claim('w\0', { leaseMs: 1 }), 'invalid-request');
        await expectRefused(store.claim('w', { leaseMs: 1, labels: ['\0'] }), 'invalid-request');
        await expectRefused(store.claim('w', { leaseMs: Number.NaN }), 'invalid-request');
        await expectRefused(store.get('\0'), 'not-found');
        await expectRefused(store.append('\0', 1, 1, { kind: 'locked' }), 'not-found');
      }));

    it('gives the same migration for the same key, also at the same moment', () =>
      onStage(make, async ({ store, another }) => {
        const stores = [store, await another(), await another()];
        const made = await Promise.all(stores.map((each) => each.create(dataRequest('a'), 'key-1')));
        expect(new Set(made.map(({ id }) => id)).size).toBe(1);
        const { images, name, by, options, kind } = dataRequest('a');
        expect(await store.create({ options, kind, images, name, by }, 'key-1')).toEqual(made[0]);
        expect((await store.list({ limit: 5 })).migrations).toHaveLength(1);
        expect((await store.create(dataRequest('a'), 'key-2')).id).not.toBe(made[0]?.id);
        expect((await store.create(dataRequest('a'))).id).not.toBe((await store.create(dataRequest('a'))).id);
      }));

    it('refuses the same key with another request', () =>
      onStage(make, async ({ store }) => {
        await store.create(dataRequest('a'), 'key-1');
        await expectRefused(store.create(dataRequest('b'), 'key-1'), 'idempotency-conflict');
        expect((await store.list({ limit: 5 })).migrations).toHaveLength(1);
      }));

    it('tells what was made under a key, and as which request', () =>
      onStage(make, async ({ store }) => {
        const made = await store.create(dataRequest('a'), 'key-1');
        const event = { kind: 'bandwidth-changed', bandwidth: 1000, by: 'ann' } as const;
        const migration = await store.request(made.id, 1, event);
        expect(await store.madeUnder('key-1')).toEqual({ migration, request: dataRequest('a') });
        expect(await store.madeUnder('key-2')).toBeUndefined();
        expect(await store.madeUnder('\0')).toBeUndefined();
      }));

    it('keeps what was found before it was created', () =>
      onStage(make, async ({ store }) => {
        const check = { code: 'c', verdict: 'warn', image: 0, title: 't', evidence: 'e', remedy: null } as const;
        const preflight = { checks: [check], forecast: null };
        const { id } = await store.create({ ...dataRequest('a'), preflight });
        expect(await store.get(id)).toMatchObject({ preflight });
      }));

    it('keeps every event, in order, and the log tells the migration', () =>
      onStage(make, async ({ store, clock }) => {
        const { fence, migration } = await claimed(store, 'w1', sampleRequest());
        let version = migration.version;
        for (const event of HALF_WAY.slice(1)) {
          clock.pass(1000);
          if (!('by' in event)) ({ version } = await store.append(migration.id, fence, version, event));
        }
        const log = await store.events(migration.id, 0);
        expect(log.map((logged) => logged.version)).toEqual([1, 2, 3, 4, 5, 6, 7]);
        expect(log.at(-1)).toEqual({ version: 7, at: clock(), event: HALF_WAY.at(-1) });
        expect(replay(log)).toEqual(await store.get(migration.id));
        expect(await store.events(migration.id, 5)).toEqual(log.slice(5));
        expect(await store.events(migration.id, 7)).toEqual([]);
      }));

    it('changes nothing where an event does not fit, or comes to another version', () =>
      onStage(make, async ({ store }) => {
        const { fence, migration } = await claimed(store, 'w1');
        const { id, version } = migration;
        await expectRefused(store.append(id, fence, version, { kind: 'verified' }), 'illegal-transition');
        await expectRefused(store.append(id, fence, version - 1, { kind: 'locked' }), 'version-conflict');
        await expectRefused(store.append(id, fence, version + 1, { kind: 'locked' }), 'version-conflict');
        await expectRefused(store.request(id, version, { kind: 'retry-asked', by: 'ann' }), 'action-refused');
        await expectRefused(store.request(id, version - 1, { kind: 'pause-asked', by: 'ann' }), 'version-conflict');
        expect(await store.get(id)).toEqual(migration);
        expect(await store.events(id, 0)).toHaveLength(version);
      }));
  });
}
