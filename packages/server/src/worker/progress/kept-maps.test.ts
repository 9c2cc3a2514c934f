import type { DiskMapView } from '@diskferry/protocol';
import { expect, it, vi } from 'vitest';
import type { DiskMapStore } from '../../live/disk-maps.ts';
import type { Lease } from '../lease/lease.ts';
import { KeptMaps } from './kept-maps.ts';
import type { LiveBoard } from './live-board.ts';

const map = (cells: number): DiskMapView => ({ cells, runs: [[1, cells]] });

function scene() {
  const held = new AbortController();
  const maps = new Map<number, DiskMapView>();
  const keep = vi.fn<DiskMapStore['keep']>(async () => undefined);
  const lease = { id: 'm-1', fence: 3, signal: held.signal } as Lease;
  const board = { maps: () => maps } as unknown as LiveBoard;
  return { held, maps, keep, kept: new KeptMaps({ keep, read: async () => new Map() }, lease, board) };
}

it('keeps what has changed, once', async () => {
  const { maps, keep, kept } = scene();
  maps.set(0, map(1)).set(1, map(2));
  await Promise.all([kept.keep(), kept.keep()]);
  expect(keep.mock.calls).toEqual([
    ['m-1', 3, { image: 0, map: map(1) }],
    ['m-1', 3, { image: 1, map: map(2) }],
  ]);
  maps.set(1, map(3));
  await kept.keep();
  expect(keep.mock.lastCall).toEqual(['m-1', 3, { image: 1, map: map(3) }]);
  expect(keep).toHaveBeenCalledTimes(3);
});

it('tries again the next time where it could not, and is in the way of nobody', async () => {
  const { maps, keep, kept } = scene();
  maps.set(0, map(1)).set(1, map(2));
  keep.mockRejectedValueOnce(new Error('away'));
  await kept.keep();
  await kept.keep();
  expect(keep.mock.calls.map(([, , { image }]) => image)).toEqual([0, 1, 0]);
});

it('keeps nothing once the lease is lost', async () => {
  const { held, maps, keep, kept } = scene();
  maps.set(0, map(1));
  held.abort();
  await kept.keep();
  expect(keep).not.toHaveBeenCalled();
});
