import { describe, expect, it } from 'vitest';
import { endOf, readBytes, type Bytes, type Range } from '../src/base/bytes.ts';
import { isZero } from '../src/base/zero.ts';
import { storedLength } from '../src/image/fetch-plan.ts';
import { PROBE_SIZE, type Extent, type Image, type ImageFormat, type Surroundings } from '../src/image/image.ts';
import { SpillFile } from '../src/image/spill-file.ts';
import { seededRandom } from './seeded.ts';
import { streamOf } from './memory-bytes.ts';

/**
 * What every image format must keep. A format's own test makes images and calls this once for each:
 *
 *     imageConformance('qcow2 with 4 KiB clusters', async () => ({ format: qcow2, file, disk }));
 */
export interface ImageCase {
  readonly format: ImageFormat;
  readonly file: Bytes;
  /** The virtual disk, byte for byte. */
  readonly disk: Uint8Array;
  /** Other files that the caller gives, by base name. */
  readonly companions?: Readonly<Record<string, Bytes>>;
  /** False where one pass over the file alone cannot give the disk (several files). */
  readonly scannable?: boolean;
}

export function imageConformance(name: string, make: () => Promise<ImageCase>): void {
  describe(`${name} as an image`, () => {
    it('is claimed by its own format', async () => {
      const { format, file } = await make();
      expect(format.probe(await endsOf(file))).toBe(format.name !== 'raw');
    });

    it('gives the whole disk', async () => {
      const { image, disk } = await opened(make);
      expect(image.size).toBe(disk.length);
      expectSame(await readBytes(image, { offset: 0, length: image.size }), disk, 0);
    });

    it('gives any part of the disk, aligned or not', async () => {
      const { image, disk } = await opened(make);
      for (const range of someRanges(disk.length, 40)) {
        const expected = disk.subarray(range.offset, endOf(range));
        expectSame(await readBytes(image, range), expected, range.offset);
      }
    });

    it('lists extents that are ascending, gapless, clipped, inside the file and true about zeros', async () => {
      const made = await make();
      const image = await open(made);
      for (const within of [{ offset: 0, length: image.size }, ...someRanges(image.size, 25)]) {
        await checkExtents(image, within, made.disk);
      }
    });

    it('refuses a read that leaves the disk', async () => {
      const { image } = await opened(make);
      await expect(image.read(image.size, new Uint8Array(1))).rejects.toMatchObject({ code: 'internal' });
    });

    it('stops when it is told to', async () => {
      const { image } = await opened(make);
      const signal = AbortSignal.abort();
      await expect(image.read(0, new Uint8Array(Math.min(512, image.size)), signal)).rejects.toThrow();
    });

    it('comes out of one pass over the file, whatever the chunks', async ({ skip }) => {
      const made = await make();
      if (made.scannable === false || !made.format.scan) return skip('needs several files or the end of the file');
      for (const [fileSize, sizes] of [[made.file.size, [1 << 20]] as const, [undefined, [65536, 1000, 7]] as const]) {
        expectSame(await scanned(made, fileSize, sizes), made.disk, 0);
      }
    });
  });
}

export async function endsOf(file: Bytes): Promise<{ head: Uint8Array; tail: Uint8Array; size: number }> {
  const head = await readBytes(file, { offset: 0, length: Math.min(file.size, PROBE_SIZE) });
  const tailLength = Math.min(file.size, 1024);
  const tail = await readBytes(file, { offset: file.size - tailLength, length: tailLength });
  return { head, tail, size: file.size };
}

export function surroundings(companions: Readonly<Record<string, Bytes>> = {}): Surroundings {
  return { companion: async (baseName) => companions[baseName] };
}

async function open(made: ImageCase): Promise<Image> {
  return made.format.open(made.file, surroundings(made.companions));
}

async function opened(make: () => Promise<ImageCase>): Promise<{ image: Image; disk: Uint8Array }> {
  const made = await make();
  return { image: await open(made), disk: made.disk };
}

async function checkExtents(image: Image, within: Range, disk: Uint8Array): Promise<void> {
  let at = within.offset;
  for await (const extent of image.extents(within)) {
    expect(extent.offset, 'gapless').toBe(at);
    expect(extent.length, 'no empty extent').toBeGreaterThan(0);
    at = endOf(extent);
    expect(at, 'clipped').toBeLessThanOrEqual(endOf(within));
    if (extent.kind === 'data') checkStored(image, extent);
    else expect(isZero(disk.subarray(extent.offset, at)), `zeros at ${extent.offset}`).toBe(true);
  }
  expect(at, 'covers the range').toBe(endOf(within));
}

function checkStored(image: Image, extent: Extract<Extent, { kind: 'data' }>): void {
  const file = image.files[extent.stored.file];
  expect(file).toBeDefined();
  expect(extent.stored.offset + storedLength(extent)).toBeLessThanOrEqual(file?.size ?? 0);
}

async function scanned(made: ImageCase, fileSize: number | undefined, sizes: readonly number[]): Promise<Uint8Array> {
  const content = await readBytes(made.file, { offset: 0, length: made.file.size });
  await using spill = new SpillFile(1 << 30);
  const scan = await made.format.scan?.(streamOf(content, sizes), { fileSize, spill });
  if (!scan) throw new Error('no scan');
  const disk = new Uint8Array(made.disk.length);
  for await (const piece of scan.pieces()) {
    disk.set(piece.bytes, piece.offset);
  }
  expect(scan.conclude().size).toBe(disk.length);
  return disk;
}

/** A readable answer: where the first difference is, not two buffers printed. */
export function expectSame(found: Uint8Array, expected: Uint8Array, base: number): void {
  expect(found.length).toBe(expected.length);
  if (Buffer.compare(found, expected) === 0) return;
  const at = found.findIndex((byte, index) => byte !== expected[index]);
  expect.fail(`first difference at ${base + at}: found ${found[at]}, expected ${expected[at]}`);
}

function someRanges(size: number, count: number): Range[] {
  const random = seededRandom(size);
  return Array.from({ length: count }, () => {
    const offset = Math.floor(random() * size);
    const longest = Math.min(size - offset, random() < 0.5 ? 5000 : 3_000_000);
    return { offset, length: Math.max(1, Math.floor(random() * longest)) };
  }).filter((range) => endOf(range) <= size);
}
