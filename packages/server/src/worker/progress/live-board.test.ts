import { DiskMap, Meter } from '@diskferry/engine';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { dataRequest } from '../../../testing/requests.ts';
import type { Migration } from '../../migrations/migration.ts';
import { newMigration } from '../../migrations/new-migration.ts';
import { LiveBoard } from './live-board.ts';

const MiB = 2 ** 20;
const SIZE = 1000 * MiB;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function scene() {
  const made = newMigration({ kind: 'created', id: 'm-1', createdAt: 0, request: dataRequest('x') });
  const [image] = made.images;
  if (image === undefined) throw new Error('no image');
  const partly = { ...image, size: SIZE, content: { kind: 'partly', bytes: 0, of: SIZE } as const };
  const migration: Migration = { ...made, images: [partly] };
  const board = new LiveBoard(() => migration);
  const meter = new Meter();
  meter.virtualSize = SIZE;
  meter.sourceSize = SIZE / 2;
  board.enters('transferring');
  board.works(0, meter);
  return { board, meter };
}

/** Seconds go by, each with so much done. */
function pass(seconds: number, { board, meter }: ReturnType<typeof scene>, change: (meter: Meter) => void) {
  for (let second = 0; second < seconds; second++) {
    change(meter);
    vi.advanceTimersByTime(1000);
    board.snapshot();
  }
  return board.snapshot();
}

const steady = (meter: Meter) => {
  meter.bytesRead += 5 * MiB;
  meter.decoded += 10 * MiB;
  meter.landed += 10 * MiB;
};

describe('LiveBoard', () => {
  it('tells bytes of each step, the speed of the last seconds and the time left as a range with its basis', () => {
    const on = scene();
    on.board.snapshot();
    const live = pass(20, on, steady);
    expect(live).toMatchObject({ stage: 'transferring', image: 0, stall: null });
    expect(live.images).toEqual([
      { read: 100 * MiB, readOf: SIZE / 2, decoded: 200 * MiB, written: 0, verified: 0, landed: 200 * MiB, of: SIZE },
    ]);
    expect(live.speed.landed).toBeCloseTo(10 * MiB, -5);
    expect(live.speed.read).toBeCloseTo(5 * MiB, -5);
    expect(live.remaining).toEqual({ low: 64, high: 120, basis: 'disk' });
  });

  it('goes by the object where that goes by once', () => {
    const on = scene();
    on.meter.onePass = true;
    on.board.snapshot();
    expect(pass(10, on, steady).remaining?.basis).toBe('object');
  });

  it('says nothing of the time left before it has seen something', () => {
    expect(pass(1, scene(), steady).remaining).toBeNull();
  });

  it.each([
    ['source', { source: 800, decode: 100 }],
    ['bandwidth', { source: 800, bandwidth: 700 }],
    ['decode', { source: 100, decode: 900 }],
    ['write', { write: 500, source: 400 }],
    ['verify', { verify: 500, write: 100 }],
    [null, { source: 10 }],
  ] as const)('names %s as what it waits for most', (bottleneck, waits) => {
    const on = scene();
    on.board.snapshot();
    const live = pass(5, on, ({ waited }) => {
      for (const [what, ms] of Object.entries(waits)) waited[what as keyof typeof waited] += ms;
    });
    expect(live.bottleneck).toBe(bottleneck);
  });

  it('says that nothing moves, since when and what it waits for, and stops saying so', () => {
    const on = scene();
    pass(3, on, steady);
    const still = pass(12, on, ({ waited }) => (waited.source += 1000));
    expect(still.stall).toMatchObject({
      code: 'no-progress',
      message: expect.stringContaining('the source sends nothing'),
    });
    expect(still.at - (still.stall?.since ?? 0)).toBeGreaterThanOrEqual(12_000);
    expect(pass(1, on, steady).stall).toBeNull();
  });

  it('keeps what earlier tries have read, and shows what is recorded where a try has not come so far yet', () => {
    const on = scene();
    pass(2, on, steady);
    on.board.works(0, new Meter());
    expect(on.board.snapshot().images[0]).toMatchObject({ read: 10 * MiB, landed: 0, readOf: SIZE / 2 });
  });

  it('shows the map of the image that is worked on, and keeps it where the next stage has none', () => {
    const { board, meter } = scene();
    expect(board.snapshot().map).toBeNull();
    const map = new DiskMap();
    map.sized(SIZE);
    board.works(0, meter, map);
    expect(board.snapshot().map).toEqual({ cells: 250, runs: [[5, 250]] });
    map.mark(0, 'copied');
    vi.advanceTimersByTime(1000);
    expect(board.snapshot().map?.runs).toHaveLength(1);
    vi.advanceTimersByTime(1000);
    expect(board.snapshot().map?.runs).toEqual([
      [3, 1],
      [5, 249],
    ]);
    board.enters('verifying');
    expect(board.snapshot().map).toBeNull();
    board.works(0, new Meter());
    expect(board.snapshot().map?.runs).toHaveLength(2);
    board.works(1, new Meter());
    expect(board.snapshot().map).toBeNull();
  });

  it('has the maps of the images that were left, as they were, and of the present one as it is', () => {
    const { board, meter } = scene();
    expect([...board.maps()]).toEqual([]);
    const [first, second] = [new DiskMap(), new DiskMap()];
    first.sized(SIZE);
    board.works(0, meter, first);
    board.snapshot();
    first.markRange({ offset: 0, length: SIZE }, 'verified');
    board.works(1, new Meter(), second);
    expect([...board.maps()]).toEqual([[0, { cells: 250, runs: [[4, 250]] }]]);
    second.sized(SIZE);
    const maps = new Map(board.maps());
    expect([...maps.keys()]).toEqual([0, 1]);
    expect(board.maps().get(1)).toBe(maps.get(1));
    second.mark(0, 'copied');
    expect(board.maps().get(1)).not.toBe(maps.get(1));
    expect(board.maps().get(0)).toBe(maps.get(0));
    board.works(0, new Meter());
    expect(board.snapshot().map).toBe(maps.get(0));
  });

  it('shows the stall of what is tried again', () => {
    const { board } = scene();
    const stall = { code: 'target-full', message: 'full', since: 5, nextTryAt: 10 };
    board.stalled(stall);
    expect(board.snapshot().stall).toEqual(stall);
    board.stalled(null);
    expect(board.snapshot().stall).toBeNull();
  });
});
