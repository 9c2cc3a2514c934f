import { describe, expect, it } from 'vitest';
import { testClock } from '../clock.ts';
import { dataRequest } from '../requests.ts';
import { claimed, expectRefused, LEASE, type MakeDatabase } from './scene.ts';

export function enduring(make: MakeDatabase): void {
  describe('what was acknowledged', () => {
    it('is there after reopening: migrations, events, keys, locks, leases and fences', async () => {
      const database = await make();
      const clock = testClock();
      try {
        const opened = await database.open(clock);
        const before = opened.migrations;
        const { migration, fence } = await claimed(before, 'w1');
        const locked = await before.append(migration.id, fence, 2, { kind: 'locked' });
        const keyed = await before.create(dataRequest('keyed', { notBefore: clock() * 2 }), 'key-1');
        const log = await before.events(migration.id, 0);
        await opened[Symbol.asyncDispose]();

        const reopened = await database.open(clock);
        const after = reopened.migrations;
        expect(await after.get(migration.id)).toEqual(locked);
        expect(await after.events(migration.id, 0)).toEqual(log);
        expect(await after.create(dataRequest('keyed', { notBefore: clock() * 2 }), 'key-1')).toEqual(keyed);
        expect(await after.claim('w2', LEASE)).toBeUndefined();
        const rival = await claimed(after, 'w2');
        await expectRefused(after.append(rival.migration.id, rival.fence, 2, { kind: 'locked' }), 'resource-locked');
        await after.heartbeat(migration.id, fence, LEASE.leaseMs);
        await reopened[Symbol.asyncDispose]();
      } finally {
        await database.dispose();
      }
    });
  });
}
