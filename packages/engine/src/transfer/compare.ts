import { readBytes, type Bytes } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import { forEachBounded } from '../base/settle.ts';
import type { Image } from '../image/image.ts';
import { Coverage } from './coverage.ts';
import { SegmentDigests, segmentDigest } from './disk-digest.ts';
import type { Meter } from './meter.ts';
import { dataRuns, segmentCount, segmentOf, segmentRange } from './segment.ts';
import { requireFit, type Origin } from './transfer.ts';

export interface CompareOptions {
  readonly meter: Meter;
  /** Requests to the source at once. */
  readonly width: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads an image and a disk and compares every byte of the image's virtual disk.
 * @returns the size and the digest of the disk (disk-digest.ts)
 * @throws DiskferryError `copy-differs` with the offset of a difference: the first one, where the image is read by
 *   ranges or in order; `target-too-small`
 */
export async function compareDisks(
  origin: Origin,
  disk: Bytes,
  how: CompareOptions,
): Promise<{ virtualSize: number; digest: string }> {
  how.meter.stage = 'verifying';
  const virtualSize =
    origin.way === 'ranges' ? await compareRanges(origin.image, disk, how) : await comparePass(origin, disk, how);
  return { virtualSize, digest: await diskDigest(disk, virtualSize, how.signal) };
}

async function compareRanges(image: Image, disk: Bytes, how: CompareOptions): Promise<number> {
  how.meter.virtualSize = image.size;
  requireFitting(image.size, disk);
  let first: number | undefined;
  const all = Array.from({ length: segmentCount(image.size) }, (_, index) => index);
  await forEachBounded(all, how.width, async (index) => {
    const range = segmentRange(index, image.size);
    if (first !== undefined && first < range.offset) return;
    const [expected, found] = await Promise.all([
      readBytes(image, range, how.signal),
      readBytes(disk, range, how.signal),
    ]);
    const at = firstDifference(expected, found);
    if (at !== undefined) first = Math.min(first ?? Infinity, range.offset + at);
    how.meter.verified += range.length;
  });
  if (first !== undefined) throw differs(first);
  return image.size;
}

/** One pass comes in the order of the file: each piece is compared where it lies; what no piece covers must be zero. */
async function comparePass(
  origin: Extract<Origin, { way: 'pass' }>,
  disk: Bytes,
  how: CompareOptions,
): Promise<number> {
  const scan = await origin.begin(how.signal);
  const seen = new Coverage();
  for await (const { offset, bytes } of scan.pieces()) {
    how.signal?.throwIfAborted();
    const range = { offset, length: bytes.length };
    requireFitting(offset + bytes.length, disk);
    const at = firstDifference(bytes, await readBytes(disk, range, how.signal));
    if (at !== undefined) throw differs(offset + at);
    how.meter.verified += bytes.length;
    seen.add(range);
  }
  const { size } = scan.conclude();
  requireFitting(size, disk);
  for (const gap of seen.missing(size)) {
    const found = await readBytes(disk, gap, how.signal);
    const at = found.findIndex((byte) => byte !== 0);
    if (at >= 0) throw differs(gap.offset + at);
  }
  return size;
}

/** Of the disk that was compared: equal to the image's, so it is the digest of both. */
/** The digest (disk-digest.ts) of the first `size` bytes of a disk. */
export async function diskDigest(disk: Bytes, size: number, signal?: AbortSignal): Promise<string> {
  const digests = new SegmentDigests();
  const holes = await holesOf(disk, size, signal);
  const all = Array.from({ length: segmentCount(size) }, (_, index) => index).filter((index) => !holes.has(index));
  await forEachBounded(all, 2, async (index) => {
    const bytes = await readBytes(disk, segmentRange(index, size), signal);
    const runs = dataRuns(bytes);
    if (runs.length > 0) digests.set(index, segmentDigest(bytes, runs));
  });
  return digests.disk(size);
}

/** Segments that the disk knows to hold nothing. */
async function holesOf(disk: Bytes, size: number, signal?: AbortSignal): Promise<Set<number>> {
  const holes = new Set<number>();
  if (!disk.runs) return holes;
  for (let index = 0; index < segmentCount(size); index++) holes.add(index);
  for await (const run of disk.runs({ offset: 0, length: size }, signal)) {
    if (run.kind !== 'data') continue;
    for (let index = segmentOf(run.offset); index <= segmentOf(run.offset + run.length - 1); index++)
      holes.delete(index);
  }
  return holes;
}

function requireFitting(end: number, disk: Bytes): void {
  requireFit(end, { size: disk.size, label: 'the target' });
}

function firstDifference(a: Uint8Array, b: Uint8Array): number | undefined {
  if (Buffer.compare(a, b) === 0) return undefined;
  return a.findIndex((byte, index) => byte !== b[index]);
}

function differs(offset: number): DiskferryError {
  return new DiskferryError('copy-differs', `the first difference is at ${offset}`, { offset });
}
