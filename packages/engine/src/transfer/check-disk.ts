import { createHash } from 'node:crypto';
import { MiB } from '../base/align.ts';
import { Buffers } from '../base/buffers.ts';
import { endOf, type Bytes, type Range } from '../base/bytes.ts';
import { forEachBounded } from '../base/settle.ts';
import type { SegmentDigests } from './disk-digest.ts';
import type { Meter } from './meter.ts';
import { failing, type DiskMap } from './disk-map.ts';
import { requireSame } from './read-back.ts';
import { segmentCount, segmentOf, segmentRange, SEGMENT } from './segment.ts';
import type { Workshop } from './workshop.ts';

/** Reads of the finished disk: the full verification, digests of torn segments, the plain SHA-256. */
export interface DiskCheck {
  readonly disk: Bytes;
  /** Of the virtual disk; the target may be larger. */
  readonly size: number;
  readonly digests: SegmentDigests;
  readonly workshop: Workshop;
  readonly meter: Meter;
  readonly map?: DiskMap | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The digest of a landed disk, from what was taken while it was copied; with `whole` all of the disk is compared. */
export async function digestDisk(
  check: DiskCheck,
  how: { readonly torn: Iterable<number>; readonly whole: boolean },
): Promise<string> {
  check.meter.stage = 'verifying';
  await digestAnew(check, how.torn);
  if (how.whole)
    await checkSegments(
      check,
      Array.from({ length: segmentCount(check.size) }, (_, index) => index),
    );
  return check.digests.disk(check.size);
}

/** Segments that are read and digested at once. */
const AT_ONCE = 3;

/**
 * Compares segments of the disk with the digests taken while it was copied. What the system knows to be a hole is not
 * read.
 * @throws DiskferryError `target-differs`
 */
export async function checkSegments(check: DiskCheck, indices: Iterable<number>): Promise<void> {
  const { disk, size, digests, meter, map, signal } = check;
  const holds = await segmentsWithData(disk, size, signal);
  const buffers = new Buffers(SEGMENT);
  await forEachBounded(indices, AT_ONCE, async (index) => {
    signal?.throwIfAborted();
    const range = segmentRange(index, size);
    const expected = { range, digest: digests.get(index) };
    await failing(check, range, compareSegment(check, expected, holds(index) ? buffers : undefined));
    map?.verify(index);
    meter.verified += range.length;
  });
}

/** @param buffers undefined where the system knows a hole */
async function compareSegment(
  check: DiskCheck,
  expected: { readonly range: Range; readonly digest: Uint8Array | undefined },
  buffers: Buffers | undefined,
): Promise<void> {
  requireSame(expected, buffers && (await digestAt(check, expected.range, buffers)));
}

/** Takes the digests of segments anew, as the disk holds them now. */
async function digestAnew(check: DiskCheck, indices: Iterable<number>): Promise<void> {
  const { size, digests, signal } = check;
  const buffers = new Buffers(SEGMENT);
  await forEachBounded(indices, AT_ONCE, async (index) => {
    signal?.throwIfAborted();
    const digest = await digestAt(check, segmentRange(index, size), buffers);
    if (digest) digests.set(index, digest);
  });
}

function digestAt({ disk, workshop, signal }: DiskCheck, range: Range, buffers: Buffers) {
  return buffers.lend(async (buffer) => {
    const bytes = buffer.subarray(0, range.length);
    await disk.read(range.offset, bytes, signal);
    return (await workshop.finish({ offset: range.offset, bytes, parcels: [], zeros: [], digested: true })).digest;
  });
}

/** Which segments may hold something; all of them where the disk does not know its holes. */
async function segmentsWithData(disk: Bytes, size: number, signal?: AbortSignal): Promise<(index: number) => boolean> {
  if (!disk.runs) return () => true;
  const held = new Uint8Array(segmentCount(size));
  for await (const run of disk.runs({ offset: 0, length: size }, signal)) {
    if (run.kind === 'data') held.fill(1, segmentOf(run.offset), segmentOf(endOf(run) - 1) + 1);
  }
  return (index) => held[index] === 1;
}

const ZEROS = new Uint8Array(1 * MiB);

/** The SHA-256 that `sha256sum` gives for the disk as a raw file. Segments known to be zero are hashed, not read. */
export async function plainSha256(check: DiskCheck): Promise<string> {
  const { disk, size, digests, signal } = check;
  const hash = createHash('sha256');
  const buffer = new Uint8Array(SEGMENT);
  for (let index = 0; index < segmentCount(size); index++) {
    signal?.throwIfAborted();
    const range = segmentRange(index, size);
    if (digests.get(index)) {
      const bytes = buffer.subarray(0, range.length);
      await disk.read(range.offset, bytes, signal);
      hash.update(bytes);
    } else {
      for (let done = 0; done < range.length; done += ZEROS.length) hash.update(ZEROS.subarray(0, range.length - done));
      if (index % 64 === 0) await new Promise(setImmediate);
    }
  }
  return hash.digest('hex');
}
