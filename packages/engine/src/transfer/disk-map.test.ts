import { afterAll, describe, expect, it } from 'vitest';
import { asImage, asScan, type FakeDisk } from '../../testing/fake-disk.ts';
import { MemoryCheckpoint } from '../../testing/memory-checkpoint.ts';
import { VolatileDisk, VolatileTarget } from '../../testing/volatile-target.ts';
import { MiB } from '../base/align.ts';
import { checkLanded } from './check-landed.ts';
import { CELL_STATES, DiskMap, MOST_CELLS, type CellState } from './disk-map.ts';
import { Meter } from './meter.ts';
import { SEGMENT } from './segment.ts';
import { transfer, type Origin, type Verify } from './transfer.ts';
import { Workshop } from './workshop.ts';

const workshop = new Workshop(1);
afterAll(() => workshop[Symbol.asyncDispose]());

const TiB = 2 ** 40;
const SEGMENTS = 8;
const SIZE = (SEGMENTS - 1) * SEGMENT + 3 * 512;

/** Data in segments 1, 4 and the short last one; written zeros in segment 2; holes in all others. */
const DISK = ((): FakeDisk => {
  const content = new Uint8Array(SIZE);
  const data = [
    { offset: SEGMENT + 65536, length: 65536 },
    { offset: 2 * SEGMENT, length: 65536 },
    { offset: 4 * SEGMENT, length: SEGMENT },
    { offset: 7 * SEGMENT, length: 512 },
  ];
  for (const [turn, { offset, length }] of data.entries())
    if (turn !== 1) content.fill(turn + 1, offset, offset + length);
  return { content, data };
})();
const LANDED = ['hole', 'copied', 'zero', 'hole', 'copied', 'hole', 'hole', 'copied'] as const;
const VERIFIED = LANDED.map((state) => (state === 'copied' ? 'verified' : state));

const BY_RANGES: Origin = { way: 'ranges', image: asImage(DISK) };
const pass = (sized: boolean): Origin => ({
  way: 'pass',
  begin: async () => asScan(DISK, { seed: 1, disorder: 9, cuts: 2, sized }),
});

interface Scene {
  readonly verify?: Verify;
  readonly startsZeroed?: boolean;
  readonly larger?: number;
  readonly checkpoint?: MemoryCheckpoint;
  readonly medium?: VolatileDisk;
  readonly signal?: AbortSignal;
}

async function land(origin: Origin, map: DiskMap, how: Scene = {}): Promise<VolatileDisk> {
  const { verify = 'written', startsZeroed = true, larger = 0, signal } = how;
  const medium = how.medium ?? new VolatileDisk(new Uint8Array(SIZE + larger));
  const target = new VolatileTarget(medium, { startsZeroed, fastZero: true });
  const checkpoint = how.checkpoint ?? new MemoryCheckpoint({ startedZeroed: startsZeroed });
  await transfer(origin, target, { checkpoint, workshop, meter: new Meter(), map, verify, width: 2, signal });
  return medium;
}

const shown = (map: DiskMap) => Array.from({ length: map.cells }, (_, cell) => map.stateOf(cell));

/** Whatever happens, each segment is counted once. */
function total(map: DiskMap): number {
  const counts = Array.from({ length: map.cells }, (_, cell) => Object.values(map.cell(cell)));
  return counts.flat().reduce((sum, count) => sum + count, 0);
}

describe('DiskMap', () => {
  it.each([
    ['by ranges', BY_RANGES],
    ['in one pass', pass(true)],
    ['in one pass, of unknown size', pass(false)],
  ])('shows what was landed and read back, %s', async (_name, origin) => {
    for (const [verify, states] of [
      ['none', LANDED],
      ['written', VERIFIED],
      ['full', VERIFIED],
    ] as const) {
      const map = new DiskMap();
      await land(origin, map, { verify, larger: 40 * MiB });
      expect(shown(map)).toEqual(states);
      expect(total(map)).toBe(SEGMENTS);
    }
  });

  it.each([
    ['by ranges', BY_RANGES],
    ['in one pass', pass(true)],
  ])('shows what had to be made zero on a used target, %s', async (_name, origin) => {
    const map = new DiskMap();
    await land(origin, map, { startsZeroed: false });
    expect(shown(map)).toEqual(VERIFIED.map((state) => (state === 'hole' ? 'zero' : state)));
  });

  it('counts what an earlier run has done as copied, and tells what waits from what is not known', async () => {
    const checkpoint = new MemoryCheckpoint({ startedZeroed: true });
    const medium = await land(BY_RANGES, new DiskMap(), { checkpoint });
    const map = new DiskMap();
    await land(BY_RANGES, map, { checkpoint, medium });
    expect(shown(map)).toEqual(LANDED);

    const waiting = new DiskMap();
    waiting.sized(SIZE);
    expect(shown(waiting)).toEqual(LANDED.map(() => 'unknown'));
    const first = checkpoint.kept[0];
    const half = new MemoryCheckpoint({ startedZeroed: true });
    const kept = first?.segments.filter(({ index }) => index === 1) ?? [];
    half.kept.push({ segments: kept, zeroed: [] });
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(land(BY_RANGES, waiting, { checkpoint: half, medium, signal: stopped })).rejects.toThrow('stopped');
    expect(shown(waiting)[1]).toBe('copied');
    expect(shown(waiting)).not.toContain('failed');
  });

  it('shows where a disk was not kept, both while copying and when it is checked', async () => {
    const checkpoint = new MemoryCheckpoint({ startedZeroed: true });
    const medium = await land(BY_RANGES, new DiskMap(), { checkpoint });
    const check = async (map: DiskMap) => {
      const target = new VolatileTarget(medium, { startsZeroed: true, fastZero: true });
      await checkLanded(target, { checkpoint, meter: new Meter(), map, workshop, size: SIZE, whole: true });
    };
    const good = new DiskMap();
    await check(good);
    expect(shown(good)).toEqual(VERIFIED);
    medium.put(4 * SEGMENT + 9, new Uint8Array([77]));
    const spoilt = new DiskMap();
    await expect(check(spoilt)).rejects.toMatchObject({ code: 'target-differs' });
    expect(shown(spoilt)[4]).toBe('failed');
    expect(shown(spoilt).filter((state) => state === 'failed')).toHaveLength(1);

    const forgetful = new VolatileDisk(new Uint8Array(SIZE));
    const put = forgetful.put.bind(forgetful);
    forgetful.put = (offset, bytes) => (offset === 4 * SEGMENT ? undefined : put(offset, bytes));
    const map = new DiskMap();
    await expect(land(BY_RANGES, map, { medium: forgetful })).rejects.toMatchObject({ code: 'target-differs' });
    expect(shown(map)[4]).toBe('failed');
  });

  it('shows where an image could not be read', async () => {
    const image = asImage(DISK);
    const [file] = image.files;
    if (file === undefined) throw new Error('no file');
    const read: typeof file.read = async (offset, into, signal) => {
      if (offset >= 4 * SEGMENT && offset < 5 * SEGMENT) throw new Error('bad sector');
      await file.read(offset, into, signal);
    };
    const files = [Object.assign(Object.create(file) as typeof file, { read })];
    const map = new DiskMap();
    const origin: Origin = { way: 'ranges', image: Object.assign(Object.create(image) as typeof image, { files }) };
    await expect(land(origin, map)).rejects.toThrow('bad sector');
    expect(shown(map)[4]).toBe('failed');
  });

  it('has no more cells than can be shown, and each says no better than its worst segment', () => {
    const map = new DiskMap();
    map.sized(16 * TiB);
    expect(map.cells).toBe(MOST_CELLS);
    const perCell = (16 * TiB) / SEGMENT / MOST_CELLS;
    map.foresee(0, 10 * perCell, 'hole');
    expect(map.stateOf(9)).toBe('hole');
    const order: [number, CellState, CellState][] = [
      [0, 'zero', 'zero'],
      [1, 'verified', 'verified'],
      [2, 'copied', 'copied'],
      [3, 'waiting', 'waiting'],
      [4, 'failed', 'failed'],
    ];
    for (const [at, state, worst] of order) {
      map.mark(9 * perCell + at, state);
      expect(map.stateOf(9)).toBe(worst);
    }
    expect(map.cell(9)).toEqual({
      ...Object.fromEntries(CELL_STATES.map((state) => [state, 1])),
      hole: perCell - 5,
      unknown: 0,
    });
    map.mark(10 * perCell, 'copied');
    expect(map.stateOf(10)).toBe('unknown');
    expect(total(map)).toBe((16 * TiB) / SEGMENT);
  });

  it('keeps what it was told when the size becomes known, and drops what lies behind it', () => {
    const map = new DiskMap();
    map.sized(100 * SEGMENT);
    map.mark(3, 'copied');
    map.mark(60, 'copied');
    map.sized(9 * SEGMENT + 1);
    expect(map.cells).toBe(10);
    expect(map.stateOf(3)).toBe('copied');
    expect(total(map)).toBe(10);
    map.mark(60, 'copied');
    map.markRange({ offset: 9 * SEGMENT, length: 5 * SEGMENT }, 'zero');
    expect(total(map)).toBe(10);
  });

  it('is a new one only where something has changed', () => {
    const map = new DiskMap();
    map.sized(4 * SEGMENT);
    map.mark(1, 'copied');
    const { revision } = map;
    map.mark(1, 'copied');
    map.verify(2);
    expect(map.revision).toBe(revision);
    map.verify(1);
    expect(map.revision).not.toBe(revision);
  });
});
