import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { surroundings } from '../../../testing/image-conformance.ts';
import { MemoryBytes, streamOf } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { cowdExtent, descriptorText, sparseVmdk, streamVmdk, type MadeVmdk } from '../../../testing/vmdk-image.ts';
import { readBytes } from '../../base/bytes.ts';
import type { Image } from '../image.ts';
import { SpillFile } from '../spill-file.ts';
import { vmdk } from './vmdk.ts';

/** Disks of runs of sectors that hold something or nothing, of any length, in each layout. */
const NOISE = seededBytes(5, 64 * 1024);
const disks = fc
  .array(fc.record({ sectors: fc.integer({ min: 1, max: 900 }), used: fc.boolean() }), { minLength: 1, maxLength: 12 })
  .map((runs) => Buffer.concat(runs.map(({ sectors, used }) => (used ? noise(sectors) : Buffer.alloc(sectors * 512)))))
  .map((content) => new Uint8Array(content));
const streams = fc.record({
  disk: disks,
  grain: fc.constantFrom(8, 16, 128),
  wholeLastGrain: fc.boolean(),
  progress: fc.boolean(),
  padding: fc.nat(3000),
  turn: fc.nat(50),
});

function noise(sectors: number): Buffer {
  return Buffer.alloc(sectors * 512, NOISE.subarray(0, 512 + sectors));
}

/** The grains begin somewhere in the middle of the disk. */
function rotated<Item>(items: readonly Item[], by: number): Item[] {
  const at = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(at), ...items.slice(0, at)];
}

describe('any disk', () => {
  it('comes out of a stream by its tables and by passing', async () => {
    await fc.assert(
      fc.asyncProperty(streams, fc.nat(5000), async ({ disk, turn, ...shape }, chunk) => {
        const made = streamVmdk(disk, { ...shape, order: (grains) => rotated(grains, turn) });
        expect(Buffer.compare(await ranged(made.bytes), disk)).toBe(0);
        expect(Buffer.compare(await passed(made, disk.length, [chunk + 1, 4096]), disk)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('comes out of a sparse file by its tables and by passing', async () => {
    await fc.assert(
      fc.asyncProperty(disks, fc.constantFrom(8, 32, 128), async (disk, grain) => {
        const made = sparseVmdk(disk, { grain });
        expect(Buffer.compare(await ranged(made.bytes), disk)).toBe(0);
        expect(Buffer.compare(await passed(made, disk.length, [7000]), disk)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('comes out of any cut into extents of any kind', async () => {
    await fc.assert(
      fc.asyncProperty(disks, fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }), async (disk, kinds) => {
        expect(Buffer.compare(await joined(disk, kinds), disk)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('is refused when its stream is cut anywhere', async () => {
    await fc.assert(
      fc.asyncProperty(streams, fc.double({ min: 0, max: 1, noNaN: true }), async ({ disk, turn, ...shape }, where) => {
        const made = streamVmdk(disk, { ...shape, padding: 0, order: (grains) => rotated(grains, turn) });
        const cut = Math.floor(where * (made.bytes.length - 1));
        const bytes = made.bytes.subarray(0, cut);
        const refusal = { code: expect.stringMatching(/^image-(truncated|not-recognised|damaged)$/) };
        await expect(ranged(bytes)).rejects.toMatchObject(refusal);
        await expect(passed({ ...made, bytes }, disk.length, [4096])).rejects.toMatchObject(refusal);
      }),
      { numRuns: 60 },
    );
  });
});

async function ranged(bytes: Uint8Array): Promise<Uint8Array> {
  return whole(await vmdk.open(new MemoryBytes(bytes), surroundings()));
}

async function whole(image: Image): Promise<Uint8Array> {
  return readBytes(image, { offset: 0, length: image.size });
}

async function passed(made: MadeVmdk, size: number, chunks: readonly number[]): Promise<Uint8Array> {
  await using spill = new SpillFile(0);
  const scan = await vmdk.scan?.(streamOf(made.bytes, chunks), { fileSize: undefined, spill });
  const disk = new Uint8Array(size);
  if (!scan) return disk;
  for await (const piece of scan.pieces()) disk.set(piece.bytes, piece.offset);
  expect(scan.conclude().size).toBe(size);
  return disk;
}

/** The disk in as many extents as there are kinds: sparse, stream, ESX, flat. */
async function joined(disk: Uint8Array, kinds: readonly number[]): Promise<Uint8Array> {
  const step = Math.max(512, Math.ceil(disk.length / kinds.length / 512) * 512);
  const lines: string[] = [];
  const companions: Record<string, MemoryBytes> = {};
  for (let index = 0; index * step < disk.length; index++) {
    const part = disk.subarray(index * step, (index + 1) * step);
    const [type, bytes] = extentOf(part, kinds[index] ?? 0);
    lines.push(`RW ${part.length / 512} ${type} "part-${index}"${type === 'FLAT' ? ' 0' : ''}`);
    companions[`part-${index}`] = new MemoryBytes(bytes);
  }
  const text = Buffer.from(descriptorText({ createType: 'custom', extents: lines }));
  return whole(await vmdk.open(new MemoryBytes(text), surroundings(companions)));
}

function extentOf(part: Uint8Array, kind: number): [string, Uint8Array] {
  if (kind === 0) return ['SPARSE', sparseVmdk(part, { descriptor: null }).bytes];
  if (kind === 1) return ['SPARSE', streamVmdk(part).bytes];
  if (kind === 2) return ['VMFSSPARSE', cowdExtent(part).bytes];
  return ['FLAT', part];
}
