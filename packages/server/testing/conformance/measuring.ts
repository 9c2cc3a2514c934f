import type { LiveProgress } from '@diskferry/protocol';
import { describe, expect, it } from 'vitest';
import { HALF_WAY } from '../lives.ts';
import { dataRequest, sampleRequest } from '../requests.ts';
import { claimed, expectRefused, LEASE, onStage, type MakeDatabase } from './scene.ts';

export function progressAt(at: number): LiveProgress {
  return {
    at,
    stage: 'transferring',
    image: 0,
    images: [],
    speed: { read: 1, landed: 2 },
    remaining: null,
    bottleneck: null,
    stall: null,
    map: {
      cells: 3,
      runs: [
        [3, 1],
        [2, 2],
      ],
    },
  };
}

export function measuring(make: MakeDatabase): void {
  describe('live progress', () => {
    it('is the last that was published, of one or of many', () =>
      onStage(make, async ({ stores: { live }, store, anotherStores }) => {
        const { migration, fence } = await claimed(store, 'w1');
        const other = await store.create(dataRequest('other'));
        expect(await live.read(migration.id)).toBeUndefined();
        for (const at of [1, 2]) await live.publish(migration.id, fence, progressAt(at));
        const { live: elsewhere } = await anotherStores();
        expect(await elsewhere.read(migration.id)).toEqual(progressAt(2));
        const many = [...Array.from({ length: 1200 }, (_, index) => `no-${index}`), other.id, migration.id, '\0'];
        expect([...(await live.readMany(many))]).toEqual([[migration.id, progressAt(2)]]);
        expect([...(await live.readMany([]))]).toEqual([]);
      }));

    it('of who does not hold the migration is refused', () =>
      onStage(make, async ({ stores: { live }, store, clock }) => {
        const { migration, fence } = await claimed(store, 'w1');
        const { id } = migration;
        await expectRefused(live.publish(id, fence + 1, progressAt(1)), 'stale-fence');
        await expectRefused(live.publish('no-such', fence, progressAt(1)), 'not-found');
        clock.pass(LEASE.leaseMs);
        const second = await store.claim('w2', LEASE);
        await expectRefused(live.publish(id, fence, progressAt(1)), 'stale-fence');
        await store.release(id, second?.fence ?? 0);
        await expectRefused(live.publish(id, second?.fence ?? 0, progressAt(1)), 'stale-fence');
        expect(await live.read(id)).toBeUndefined();
      }));

    it('is gone when the stage is left, and late words of its worker do not bring it back', () =>
      onStage(make, async ({ stores: { live }, store }) => {
        const { migration, fence } = await claimed(store, 'w1', sampleRequest());
        const { id } = migration;
        let { version } = migration;
        for (const event of HALF_WAY.slice(1)) {
          await live.publish(id, fence, progressAt(version));
          const before = (await store.get(id)).standing.state;
          if (!('by' in event)) ({ version } = await store.append(id, fence, version, event));
          const stays = (await store.get(id)).standing.state === before;
          expect(await live.read(id)).toEqual(stays ? progressAt(version - 1) : undefined);
        }
        await store.append(id, fence, version, { kind: 'wait-began', for: 'link', detail: null });
        expect(await live.read(id)).toBeUndefined();
        await live.publish(id, fence, progressAt(9));
        expect(await live.read(id)).toBeUndefined();
      }));

    it('of a worker that died is gone when another takes over', () =>
      onStage(make, async ({ stores: { live }, store, clock }) => {
        const { migration, fence } = await claimed(store, 'w1');
        await live.publish(migration.id, fence, progressAt(1));
        clock.pass(LEASE.leaseMs);
        const second = await store.claim('w2', LEASE);
        expect(await live.read(migration.id)).toEqual(progressAt(1));
        await store.append(migration.id, second?.fence ?? 0, 2, { kind: 'taken', worker: 'w2' });
        expect(await live.read(migration.id)).toBeUndefined();
      }));

    it('is never left over, published and left at the same moment', () =>
      onStage(make, async ({ stores: { live }, store, another }) => {
        const other = await another();
        for (let round = 0; round < 20; round++) {
          const { migration, fence } = await claimed(store, 'w1', dataRequest(`n-${round}`));
          const { id, version } = migration;
          const wait = { kind: 'wait-began', for: 'person', detail: null } as const;
          await Promise.all([
            live.publish(id, fence, progressAt(1)),
            other.append(id, fence, version, wait),
            live.publish(id, fence, progressAt(2)),
          ]);
          expect(await live.read(id)).toBeUndefined();
        }
      }));
  });
}
