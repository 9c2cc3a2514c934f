import type { DiskMapView } from '@diskferry/protocol';
import { describe, expect, it } from 'vitest';
import { HALF_WAY } from '../lives.ts';
import { dataRequest, sampleRequest } from '../requests.ts';
import { claimed, expectRefused, LEASE, onStage, type MakeDatabase } from './scene.ts';

const mapOf = (...runs: [number, number][]): DiskMapView => {
  return { cells: runs.reduce((sum, [, count]) => sum + count, 0), runs };
};
const HALF = mapOf([4, 2], [2, 2]);
const WHOLE = mapOf([4, 4]);

export function mapping(make: MakeDatabase): void {
  describe('maps of disks', () => {
    it('are the last that were kept of each image, also when nobody works any more', () =>
      onStage(make, async ({ stores: { diskMaps }, store, anotherStores }) => {
        const { migration, fence } = await claimed(store, 'w1', sampleRequest());
        const { id } = migration;
        expect([...(await diskMaps.read(id))]).toEqual([]);
        await diskMaps.keep(id, fence, { image: 1, map: HALF });
        await diskMaps.keep(id, fence, { image: 0, map: HALF });
        await diskMaps.keep(id, fence, { image: 0, map: WHOLE });
        await store.append(id, fence, migration.version, { kind: 'wait-began', for: 'person', detail: null });
        await store.release(id, fence);
        const { diskMaps: elsewhere } = await anotherStores();
        expect([...(await elsewhere.read(id))]).toEqual([
          [0, WHOLE],
          [1, HALF],
        ]);
        expect([...(await elsewhere.read('\0'))]).toEqual([]);
      }));

    it('are taken of who holds the migration alone, of its images, and no larger than they may be', () =>
      onStage(make, async ({ stores: { diskMaps }, store, clock }) => {
        const { migration, fence } = await claimed(store, 'w1', dataRequest('one'));
        const { id } = migration;
        for (const disk of [
          { image: 1, map: HALF },
          { image: -1, map: HALF },
          { image: 0.5, map: HALF },
          { image: 0, map: { ...HALF, cells: 1025 } },
          { image: 0, map: { cells: 4, runs: Array.from({ length: 1025 }, () => [1, 1]) } },
        ]) {
          await expectRefused(diskMaps.keep(id, fence, disk), 'invalid-request');
        }
        await expectRefused(diskMaps.keep(id, fence + 1, { image: 0, map: HALF }), 'stale-fence');
        clock.pass(LEASE.leaseMs);
        await store.claim('w2', LEASE);
        await expectRefused(diskMaps.keep(id, fence, { image: 0, map: HALF }), 'stale-fence');
        expect([...(await diskMaps.read(id))]).toEqual([]);
      }));

    it.each([true, false])('stay or go with what is on the disk when it is tried again: goes on %s', (goesOn) =>
      onStage(make, async ({ stores: { diskMaps }, store }) => {
        const { migration, fence } = await claimed(store, 'w1', sampleRequest());
        const { id } = migration;
        let { version } = migration;
        for (const event of HALF_WAY.slice(1)) {
          if (!('by' in event)) ({ version } = await store.append(id, fence, version, event));
        }
        await diskMaps.keep(id, fence, { image: 0, map: HALF });
        ({ version } = await store.append(id, fence, version, { kind: 'failed', code: 'x', message: 'y', goesOn }));
        await store.release(id, fence);
        await store.request(id, version, { kind: 'retry-asked', by: 'ann' });
        expect((await diskMaps.read(id)).get(0)).toEqual(goesOn ? HALF : undefined);
      }),
    );
  });
}
