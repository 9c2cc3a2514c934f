import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { expectSame } from '../testing/image-conformance.ts';
import { MemoryCheckpoint } from '../testing/memory-checkpoint.ts';
import { MemorySource } from '../testing/memory-source.ts';
import { seededBytes, seededRandom } from '../testing/seeded.ts';
import { makeTar } from '../testing/tar-maker.ts';
import { dynamicVhd, fixedVhd } from '../testing/vhd-image.ts';
import { makeZip } from '../testing/zip-maker.ts';
import { VolatileDisk, VolatileTarget } from '../testing/volatile-target.ts';
import { MiB } from '../src/base/align.ts';
import { openImage } from '../src/open/open-image.ts';
import { withCount } from '../src/source/counted.ts';
import { Meter } from '../src/transfer/meter.ts';
import { SEGMENT } from '../src/transfer/segment.ts';
import { transfer } from '../src/transfer/transfer.ts';
import { Workshop } from '../src/transfer/workshop.ts';

/** A copy out of a package that is cut short goes on in the middle of the object, whatever the package holds. */
const SIZE = 96 * MiB;
const BLOCK = 2 * MiB;
const workshop = new Workshop(1);
afterAll(() => workshop[Symbol.asyncDispose]());

/** Random, so that the package is as large as the disk; every fifth block is zeros. */
function disk(): Uint8Array {
  const content = new Uint8Array(SIZE);
  const random = seededBytes(3, BLOCK);
  for (let at = 0; at < SIZE; at += BLOCK) {
    if ((at / BLOCK) % 5 === 4) continue;
    content.set(random, at);
    content[at + 5] = at / BLOCK;
  }
  content.fill(0, 440, 510);
  content.set([0x80, 1, 1, 0, 0x83, 1, 1, 1, 1, 0, 0, 0, 0xff, 0, 0, 0], 446);
  content.set([0x55, 0xaa], 510);
  return content;
}

const DISK = disk();
const blocks = Array.from({ length: SIZE / BLOCK }, (_, turn) => DISK.subarray(turn * BLOCK, (turn + 1) * BLOCK));
const packedAs: Record<string, () => Uint8Array> = {
  'disk.raw.gz': () => gzipSync(DISK, { level: 1 }),
  'disk.vhd.gz': () => gzipSync(vhd(), { level: 1 }),
  'disk.tar.gz': () =>
    gzipSync(makeTar([notes(), { name: 'disk.vhd', content: new Uint8Array(fixedVhd(DISK)) }]), { level: 1 }),
  'two-members.raw.gz': () =>
    Buffer.concat([
      gzipSync(DISK.subarray(0, 30 * MiB), { level: 1 }),
      gzipSync(DISK.subarray(30 * MiB), { level: 1 }),
    ]),
  'disk.raw.zip': () => makeZip([notes(), { name: 'disk.raw', content: DISK, method: 8 }]),
  'disk.vhd.zip': () => makeZip([{ name: 'disk.vhd', content: vhd(), method: 8 }]),
  'frames.vhd.zst': () => inFrames(vhd()),
  'frames.raw.zip': () => makeZip([{ name: 'disk.raw', content: DISK, method: 93, packed: inFrames(DISK) }]),
  'gzip-in-tar.tar': () => makeTar([notes(), { name: 'disk.raw.gz', content: gzipSync(DISK, { level: 1 }) }]),
};

function vhd(): Uint8Array {
  return new Uint8Array(dynamicVhd({ size: SIZE, blockSize: BLOCK, blocks: shuffled() }));
}

/** Frames of 3 MiB of content: no block of the VHD and no segment ends where they do. */
function inFrames(content: Uint8Array): Uint8Array {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < content.length; at += 3 * MiB)
    frames.push(zstdCompressSync(content.subarray(at, at + 3 * MiB)));
  return new Uint8Array(Buffer.concat(frames));
}

function notes() {
  return { name: 'notes.txt', content: new TextEncoder().encode('made for a test\n'.repeat(100)) };
}

function shuffled(): (Uint8Array | undefined)[] {
  return blocks.map((block) => (block.some(Boolean) ? block : undefined));
}

describe('a copy out of a package', () => {
  for (const [name, pack] of Object.entries(packedAs)) {
    it(`of ${name} goes on in the middle of the object and ends with the same disk`, async () => {
      const packed = pack();
      const medium = new VolatileDisk(new Uint8Array(SIZE));
      const checkpoint = new MemoryCheckpoint({ startedZeroed: true });
      const random = seededRandom(packed.length);
      let read = 0;
      let runs = 0;
      for (let done = false; !done; runs++) {
        const source = withCount(new MemorySource(name, packed), (bytes) => (read += bytes));
        await using opened = await openImage(source);
        const crashAfter = runs < 6 ? 8 + Math.floor(random() * 8) : undefined;
        const target = new VolatileTarget(medium, {
          startsZeroed: true,
          fastZero: true,
          ...(crashAfter && { crashAfter }),
        });
        const options = { checkpoint, workshop, meter: new Meter(), verify: 'written' as const, width: 2 };
        try {
          await transfer(opened.origin, target, { ...options, commitBytes: SEGMENT });
          done = true;
        } catch (error) {
          expect(error).toMatchObject({ code: 'target-write' });
          medium.crash(random);
        }
      }
      expectSame(medium.durable, DISK, 0);
      expect(runs).toBeGreaterThan(2);
      // Each run that goes on reads again what lies between two places and what was not yet committed, and no more.
      expect(read - packed.length, 'bytes read again').toBeLessThan(runs * 40 * MiB);
    });
  }

  it('does not believe a checkpoint whose saved decoder was changed', async () => {
    const packed = packedAs['disk.raw.gz']?.() as Uint8Array;
    const medium = new VolatileDisk(new Uint8Array(SIZE));
    const checkpoint = new MemoryCheckpoint({ startedZeroed: true });
    const how = { checkpoint, workshop, verify: 'none' as const, width: 2, commitBytes: SEGMENT };
    const run = async (crashAfter?: number) => {
      await using opened = await openImage(new MemorySource('disk.raw.gz', packed));
      const target = new VolatileTarget(medium, {
        startsZeroed: true,
        fastZero: true,
        ...(crashAfter && { crashAfter }),
      });
      await transfer(opened.origin, target, { ...how, meter: new Meter() });
    };
    await expect(run(20)).rejects.toMatchObject({ code: 'target-write' });
    const place = checkpoint.kept.findLast((record) => record.place)?.place;
    expect(place).toBeDefined();
    place!.mark.state[200]! ^= 1;
    await expect(run()).rejects.toMatchObject({ code: 'checkpoint-damaged' });
  });
});
