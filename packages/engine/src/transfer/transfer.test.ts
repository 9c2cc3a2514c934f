import { assert, asyncProperty, boolean, integer } from 'fast-check';
import { createHash } from 'node:crypto';
import { afterAll, describe, expect, it } from 'vitest';
import { asImage, asScan, fakeDisk, type FakeDisk } from '../../testing/fake-disk.ts';
import { expectSame } from '../../testing/image-conformance.ts';
import { MemoryCheckpoint } from '../../testing/memory-checkpoint.ts';
import { seededBytes, seededRandom } from '../../testing/seeded.ts';
import { VolatileDisk, VolatileTarget, type VolatileOptions } from '../../testing/volatile-target.ts';
import { MiB } from '../base/align.ts';
import { noCheckpoint } from './checkpoint.ts';
import { SegmentDigests, segmentDigest } from './disk-digest.ts';
import { Meter } from './meter.ts';
import { dataRuns, SEGMENT, segmentCount, segmentRange } from './segment.ts';
import { transfer, type Origin, type Verify } from './transfer.ts';
import { Workshop } from './workshop.ts';

const SIZE = 21 * MiB + 512 * 3;
const workshop = new Workshop(1);
afterAll(() => workshop[Symbol.asyncDispose]());

function digestOf(content: Uint8Array): string {
  const digests = new SegmentDigests();
  for (let index = 0; index < segmentCount(content.length); index++) {
    const { offset, length } = segmentRange(index, content.length);
    const bytes = content.subarray(offset, offset + length);
    const runs = dataRuns(bytes);
    if (runs.length > 0) digests.set(index, segmentDigest(bytes, runs));
  }
  return digests.disk(content.length);
}

/** The two ways, over the same disk. In one pass the cuts differ at every call, as those of a network do. */
function ways(disk: FakeDisk, seed: number): Record<string, () => Origin> {
  let call = 0;
  const pass = (disorder: number, sized: boolean) => (): Origin => ({
    way: 'pass',
    begin: async () => asScan(disk, { seed, disorder, cuts: seed + call++, sized }),
  });
  return {
    'by ranges': () => ({ way: 'ranges', image: asImage(disk) }),
    'in one pass, in order, of unknown size': pass(0, false),
    'in one pass, shuffled': pass(200, true),
    'in one pass, anywhere': pass(1e5, true),
  };
}

function scattered(disk: FakeDisk, seed: number): Origin {
  return { way: 'pass', begin: async () => asScan(disk, { seed, disorder: 1e5, cuts: seed, sized: true }) };
}

const NAMES = Object.keys(ways(fakeDisk(1, { size: 512, cluster: 512, share: 1 }), 1));

async function land(
  origin: Origin,
  target: VolatileTarget,
  more: { verify?: Verify; sha256?: boolean; commitBytes?: number } = {},
) {
  const checkpoint = noCheckpoint({ startedZeroed: target.traits.startsZeroed });
  return transfer(origin, target, { checkpoint, workshop, meter: new Meter(), verify: 'written', width: 4, ...more });
}

function usedDisk(seed: number, size: number): VolatileDisk {
  return new VolatileDisk(seededBytes(seed, size));
}

describe('transfer()', () => {
  for (const name of NAMES) {
    it(`lands a disk ${name} on an empty target, with its digests`, async () => {
      const disk = fakeDisk(3, { size: SIZE, cluster: 65536, share: 0.3 });
      const medium = new VolatileDisk(new Uint8Array(SIZE));
      const target = new VolatileTarget(medium, { startsZeroed: true, fastZero: true });
      const landed = await land(ways(disk, 3)[name]!(), target, { verify: 'full', sha256: true });
      expectSame(medium.durable, disk.content, 0);
      expect(landed.virtualSize).toBe(SIZE);
      expect(landed.digest).toBe(digestOf(disk.content));
      expect(landed.sha256).toBe(createHash('sha256').update(disk.content).digest('hex'));
    });

    for (const traits of [
      { startsZeroed: false, fastZero: true },
      { startsZeroed: false, fastZero: false },
      { startsZeroed: false, fastZero: true, align: 4096 },
    ] satisfies VolatileOptions[]) {
      it(`leaves nothing of what a used target held (${JSON.stringify(traits)}), ${name}`, async () => {
        const disk = fakeDisk(5, { size: SIZE, cluster: 4096 * 3, share: 0.1 });
        const medium = usedDisk(9, SIZE + 7 * MiB);
        await land(ways(disk, 5)[name]!(), new VolatileTarget(medium, traits));
        expectSame(medium.durable.subarray(0, SIZE), disk.content, 0);
        expect(medium.durable.subarray(SIZE + 4096, SIZE + MiB).every((byte) => byte === 0)).toBe(true);
        expect(medium.durable.subarray(-MiB + 4096).every((byte) => byte === 0)).toBe(true);
      });
    }

    it(`refuses a disk that is larger than the target, ${name}`, async () => {
      const disk = fakeDisk(7, { size: SIZE, cluster: 65536, share: 1 });
      const medium = usedDisk(1, SIZE - 512);
      const target = new VolatileTarget(medium, { startsZeroed: true, fastZero: true });
      await expect(land(ways(disk, 7)[name]!(), target)).rejects.toMatchObject({ code: 'target-too-small' });
    });

    it(`takes no digest that nobody wants, and any that is wanted, ${name}`, async () => {
      const disk = fakeDisk(6, { size: SIZE, cluster: 65536, share: 0.4 });
      for (const sha256 of [false, true]) {
        const medium = new VolatileDisk(new Uint8Array(SIZE));
        const target = new VolatileTarget(medium, { startsZeroed: true, fastZero: true });
        const landed = await land(ways(disk, 6)[name]!(), target, { verify: 'none', sha256 });
        expectSame(medium.durable, disk.content, 0);
        expect(landed.digest).toBe(sha256 ? digestOf(disk.content) : undefined);
        expect(landed.sha256 !== undefined).toBe(sha256);
      }
    });

    it.each(['written', 'none'] as const)(
      `goes on after power cuts at any operation and ends with the same disk, verify %s, ${name}`,
      async (verify) => {
        await assert(
          asyncProperty(integer({ min: 1, max: 1e6 }), boolean(), async (seed, zeroed) => {
            await crashAndGoOn({ name, seed, zeroed, verify });
          }),
          { numRuns: verify === 'written' ? 12 : 6, seed: 11 },
        );
      },
    );
  }

  describe('in one pass, so far out of order that parts come to segments that were landed', () => {
    const size = 72 * MiB + 512;
    for (const { cluster, ...traits } of [
      { cluster: 65536, startsZeroed: true, fastZero: true },
      { cluster: 65536, startsZeroed: false, fastZero: false },
      { cluster: 20480, startsZeroed: false, fastZero: true, align: 4096 },
      { cluster: 66048, startsZeroed: true, fastZero: true, align: 4096 },
    ]) {
      it.each([{}, { commitBytes: 2 * SEGMENT }, { commitBytes: 64 * MiB }])(
        `lands the same disk and takes no write of its own for damage (${JSON.stringify({ cluster, ...traits })}, %j)`,
        async (how) => {
          const disk = fakeDisk(12, { size, cluster, share: 0.3 });
          const medium = traits.startsZeroed ? new VolatileDisk(new Uint8Array(size)) : usedDisk(9, size);
          const target = new VolatileTarget(medium, traits);
          const landed = await land(scattered(disk, 12), target, { verify: 'full', ...how });
          expectSame(medium.durable, disk.content, 0);
          expect(landed.digest).toBe(digestOf(disk.content));
        },
      );
    }

    it('finds what the target did not keep of any of them', async () => {
      const disk = fakeDisk(13, { size, cluster: 65536, share: 0.2 });
      const filled = disk.data.filter(({ offset }) => disk.content[offset + 5] !== 0);
      for (let turn = 0; turn < 8; turn++) {
        const spoilt = (filled[turn * 17]?.offset ?? 0) + 5;
        const medium = new VolatileDisk(new Uint8Array(size));
        const put = medium.put.bind(medium);
        medium.put = (offset, bytes) => {
          const copy = bytes.slice();
          if (spoilt >= offset && spoilt < offset + copy.length) copy[spoilt - offset]! ^= 1;
          put(offset, copy);
        };
        const target = new VolatileTarget(medium, { startsZeroed: true, fastZero: true });
        await expect(land(scattered(disk, 13), target)).rejects.toMatchObject({ code: 'target-differs' });
      }
    });

    it('goes on after power cuts', async () => {
      await crashAndGoOn({ name: 'in one pass, anywhere', seed: 14, zeroed: true, verify: 'written', size });
      await crashAndGoOn({ name: 'in one pass, anywhere', seed: 15, zeroed: false, verify: 'none', size });
    });
  });

  it('writes nothing before the sizes are compared', async () => {
    const disk = fakeDisk(7, { size: SIZE, cluster: 65536, share: 1 });
    const medium = usedDisk(1, SIZE - 512);
    const target = new VolatileTarget(medium, { startsZeroed: false, fastZero: true });
    const error = await land({ way: 'ranges', image: asImage(disk) }, target).catch((thrown: unknown) => thrown);
    expect(String(error)).toContain(String(SIZE));
    expect(String(error)).toContain(String(SIZE - 512));
    expect(target.operations).toBe(0);
  });

  it('stops when it is told to and leaves nothing in flight', async () => {
    const disk = fakeDisk(8, { size: SIZE, cluster: 65536, share: 1 });
    const target = new VolatileTarget(usedDisk(1, SIZE), { startsZeroed: false, fastZero: false });
    const stop = new AbortController();
    const write = target.write.bind(target);
    target.write = (...args) => {
      stop.abort();
      return write(...args);
    };
    const running = transfer(ways(disk, 8)['by ranges']!(), target, {
      checkpoint: noCheckpoint({ startedZeroed: false }),
      workshop,
      meter: new Meter(),
      verify: 'none',
      width: 2,
      signal: stop.signal,
    });
    await expect(running).rejects.toThrow();
    const settled = target.operations;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(target.operations).toBe(settled);
  });

  it('records what was written when it is stopped, so that the next run goes on there', async () => {
    const disk = fakeDisk(8, { size: SIZE, cluster: 65536, share: 1 });
    const medium = new VolatileDisk(new Uint8Array(SIZE));
    const checkpoint = new MemoryCheckpoint({ startedZeroed: true });
    const stop = new AbortController();
    const meter = new Meter();
    const target = new VolatileTarget(medium, { startsZeroed: true, fastZero: true });
    const options = { checkpoint, workshop, meter, verify: 'written' as const, width: 1, signal: stop.signal };
    const running = transfer(ways(disk, 8)['by ranges']!(), target, options);
    while (meter.landed < 2 * SEGMENT) await new Promise(setImmediate);
    stop.abort();
    await expect(running).rejects.toThrow();
    medium.crash(() => 1);
    const again = new Meter();
    await transfer(ways(disk, 8)['by ranges']!(), target, { ...options, meter: again, signal: undefined });
    expect(again.resumedBytes).toBeGreaterThan(0);
    expectSame(medium.durable, disk.content, 0);
  });

  it('finds a target that does not keep what it is given', async () => {
    const disk = fakeDisk(4, { size: SIZE, cluster: 65536, share: 0.5 });
    for (const verify of ['written', 'full'] as const) {
      const medium = new VolatileDisk(new Uint8Array(SIZE));
      const target = new VolatileTarget(medium, { startsZeroed: true, fastZero: true });
      const spoilt = disk.data.find(({ offset, length }) =>
        disk.content.subarray(offset, offset + length).some(Boolean),
      );
      const put = medium.put.bind(medium);
      medium.put = (offset, bytes) => {
        const copy = bytes.slice();
        const at = (spoilt?.offset ?? 0) + 77 - offset;
        if (at >= 0 && at < copy.length) copy[at]! ^= 1;
        put(offset, copy);
      };
      const landing = land(ways(disk, 4)['by ranges']!(), target, { verify });
      await expect(landing).rejects.toMatchObject({ code: 'target-differs' });
    }
  });
});

interface Crashes {
  readonly name: string;
  readonly seed: number;
  readonly zeroed: boolean;
  /** Of the runs that crash; the one that ends wants a digest all the same. */
  readonly verify: Verify;
  readonly size?: number;
}

/** Runs a copy that is cut short again and again, each time a little later, losing what was not flushed. */
async function crashAndGoOn(how: Crashes): Promise<void> {
  const { size = SIZE } = how;
  const disk = fakeDisk(how.seed, { size, cluster: 65536 * 3, share: 0.25 });
  const before = how.zeroed ? new Uint8Array(size) : seededBytes(how.seed, size);
  const medium = new VolatileDisk(before);
  const checkpoint = new MemoryCheckpoint({ startedZeroed: how.zeroed });
  const random = seededRandom(how.seed);
  const origins = ways(disk, how.seed);
  for (let attempt = 0; attempt < 60; attempt++) {
    const crashAfter = attempt < 12 ? 1 + Math.floor(random() * 30) : undefined;
    const target = new VolatileTarget(medium, {
      startsZeroed: false,
      fastZero: how.seed % 2 === 0,
      ...(crashAfter ? { crashAfter } : {}),
    });
    const options = {
      checkpoint,
      workshop,
      meter: new Meter(),
      verify: crashAfter ? how.verify : ('written' as const),
      width: 3,
      commitBytes: SEGMENT,
    };
    try {
      const landed = await transfer(origins[how.name]!(), target, options);
      expectSame(medium.durable, disk.content, 0);
      if (options.verify === 'none') continue;
      expect(landed.digest).toBe(digestOf(disk.content));
      return;
    } catch (error) {
      expect(error).toMatchObject({ code: 'target-write' });
      medium.crash(random);
    }
  }
  expect.fail('the copy never ended');
}
