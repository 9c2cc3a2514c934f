import { MIGRATION_STATES } from '@diskferry/protocol';
import { describe, expect, it } from 'vitest';
import type { MigrationRequest } from '../../src/migrations/request.ts';
import type { MigrationStore } from '../../src/migrations/store.ts';
import { dataRequest, sampleImage, sampleRequest } from '../requests.ts';
import { claimed, expectRefused, LEASE, onStage, type MakeDatabase } from './scene.ts';

/** A migration from these links onto a provider. */
function from(links: readonly string[], provider: string): MigrationRequest {
  const name = links.join(' ');
  const images = links.map((link, index) => {
    const { source } = sampleImage(index, null);
    return { source: { ...source, link }, target: { volume: `${provider} ${name} ${index}`, instance: null } };
  });
  return { ...dataRequest(name, { labels: [`provider:${provider}`] }), images };
}

const A = 'https://a.example/1';
const B = 's3://b/2';

export function limiting(make: MakeDatabase): void {
  describe('claim with limits', () => {
    it('passes by what reads from a full host or lands on a full provider', () =>
      onStage(make, async ({ store }) => {
        const both = ['provider:p', 'provider:q'];
        const claim = async (fullHosts: string[], fullProviders: string[]) =>
          (await store.claim('w', { ...LEASE, labels: both, fullHosts, fullProviders }))?.migration.name;
        await store.create(from([A, B], 'p'));
        await store.create(from([A], 'q'));
        await store.create(from([B], 'p'));
        await store.create(from(['/srv/disk.raw'], 'q'));
        expect(await claim(['a.example', 'b', 'file'], [])).toBeUndefined();
        expect(await claim([], ['p', 'q'])).toBeUndefined();
        expect(await claim(['a.example'], ['q'])).toBe(B);
        expect(await claim(['b'], [])).toBe(A);
        expect(await claim(['a.example'], ['provider:q'])).toBe('/srv/disk.raw');
        expect(await claim(['c.example'], ['r'])).toBe(`${A} ${B}`);
      }));

    it('goes by the new host once a link was replaced', () =>
      onStage(make, async ({ store }) => {
        const { id } = await store.create(from([A, B], 'p'));
        const link = 'https://new.example:8443/1?signed';
        await store.request(id, 1, { kind: 'link-replaced', image: 0, link, credentials: null, by: 'ann' });
        const ask = { ...LEASE, labels: ['provider:p'] };
        expect(await store.claim('w', { ...ask, fullHosts: ['new.example:8443'] })).toBeUndefined();
        expect(await store.claim('w', { ...ask, fullHosts: ['b'] })).toBeUndefined();
        expect((await store.claim('w', { ...ask, fullHosts: ['a.example'] }))?.migration.id).toBe(id);
      }));

    it('refuses links, hosts and providers that a database cannot keep', () =>
      onStage(make, async ({ store }) => {
        await expectRefused(store.create(from(['s3://a\0/1'], 'p')), 'invalid-request');
        await expectRefused(store.claim('w', { ...LEASE, fullHosts: ['\0'] }), 'invalid-request');
        await expectRefused(store.claim('w', { ...LEASE, fullProviders: ['\0'] }), 'invalid-request');
        const { id } = await store.create(from([A], 'p'));
        const event = { kind: 'link-replaced', image: 0, link: 's3://\0/1', credentials: null, by: 'ann' } as const;
        await expectRefused(store.request(id, 1, event), 'invalid-request');
      }));
  });

  describe('running', () => {
    it('counts each migration with a live lease once for each host and provider', () =>
      onStage(make, async ({ store, clock }) => {
        expect(await store.running()).toEqual({ hosts: {}, providers: {} });
        for (const links of [[A, `${A}b`], [A, B], [B], ['https://waits.example/']])
          await store.create(from(links, 'p'));
        const held = await claimTimes(store, 3);
        expect(await store.running()).toEqual({ hosts: { 'a.example': 2, b: 2 }, providers: { p: 3 } });
        await store.release(held[2]?.migration.id ?? '', held[2]?.fence ?? 0);
        expect(await store.running()).toEqual({ hosts: { 'a.example': 2, b: 1 }, providers: { p: 2 } });
        clock.pass(LEASE.leaseMs - 1);
        await store.heartbeat(held[0]?.migration.id ?? '', held[0]?.fence ?? 0, LEASE.leaseMs);
        clock.pass(1);
        expect(await store.running()).toEqual({ hosts: { 'a.example': 1 }, providers: { p: 1 } });
      }));
  });

  describe('counts', () => {
    it('has every state', () =>
      onStage(make, async ({ store }) => {
        await claimed(store, 'w1');
        const paused = await store.create(dataRequest('paused'));
        await store.request(paused.id, 1, { kind: 'pause-asked', by: 'ann' });
        for (const name of ['a', 'b']) await store.create(dataRequest(name));
        const counts = await store.counts();
        expect(counts).toMatchObject({ checking: 1, paused: 1, queued: 2, waiting: 0, succeeded: 0, failed: 0 });
        expect(Object.keys(counts)).toEqual([...MIGRATION_STATES]);
      }));
  });

  describe('lockedBy', () => {
    it('names who has the lock of a resource, as long as it has it', () =>
      onStage(make, async ({ store }) => {
        const { migration, fence } = await claimed(store, 'w1', sampleRequest());
        expect(await store.lockedBy('instance:i-1')).toBeUndefined();
        const { id, version } = await store.append(migration.id, fence, migration.version, { kind: 'locked' });
        expect(await store.lockedBy('instance:i-1')).toBe(id);
        expect(await store.lockedBy('volume:i-1-vol-1')).toBe(id);
        expect(await store.lockedBy('volume:i-1')).toBeUndefined();
        expect(await store.lockedBy('\0')).toBeUndefined();
        await store.append(id, fence, version, { kind: 'failed', code: 'x', message: 'x', goesOn: false });
        expect(await store.lockedBy('instance:i-1')).toBeUndefined();
      }));
  });
}

async function claimTimes(store: MigrationStore, times: number) {
  const claims = [];
  for (let count = 0; count < times; count++) {
    claims.push(await store.claim('w', { ...LEASE, labels: ['provider:p'] }));
  }
  return claims;
}
