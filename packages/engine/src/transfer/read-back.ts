import type { Bytes, Range } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import type { Buffers } from '../base/buffers.ts';
import { segmentDigest } from './disk-digest.ts';
import type { Workshop } from './workshop.ts';

/** Something that was written and is not yet recorded. */
export interface Written {
  readonly index: number;
  /** Of the disk. */
  readonly range: Range;
  /** Of the whole segment (undefined: all zero), or of the part as one run. */
  readonly digest: Uint8Array | undefined;
  /** The digest is that of the segment as it now is; no longer once a part was written over it. */
  whole: boolean;
  /** What was written, where it is still in memory. */
  readonly kept?: Kept | undefined;
}

/** Bytes that nobody touches until they are released. */
export interface Kept {
  readonly bytes: Uint8Array;
  release(): void;
}

export interface ReadBackHow {
  readonly readBack: Bytes;
  readonly workshop: Workshop;
  /** Of SEGMENT bytes. */
  readonly buffers: Buffers;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads what was written and compares it: byte by byte where it is still in memory, which costs a tenth of a digest, and
 * with its digest otherwise.
 * @throws DiskferryError `target-differs` with the place on the disk
 */
export async function checkWritten(how: ReadBackHow, written: Written): Promise<void> {
  const { offset, length } = written.range;
  await how.buffers.lend(async (buffer) => {
    const bytes = buffer.subarray(0, length);
    await how.readBack.read(offset, bytes, how.signal);
    if (!(await isSame(how, written, bytes))) throw differs(written.range);
  });
}

async function isSame(how: ReadBackHow, written: Written, bytes: Uint8Array): Promise<boolean> {
  const { kept, range, whole } = written;
  if (kept) return Buffer.compare(bytes, kept.bytes) === 0;
  if (!whole) return areEqual(written.digest, segmentDigest(bytes, [{ offset: 0, length: range.length }]));
  const found = await how.workshop.finish({ offset: range.offset, bytes, parcels: [], zeros: [], digested: true });
  return areEqual(written.digest, found.digest);
}

/** @throws DiskferryError `target-differs` */
export function requireSame(written: { range: Range; digest: Uint8Array | undefined }, found?: Uint8Array): void {
  if (!areEqual(written.digest, found)) throw differs(written.range);
}

function areEqual(digest: Uint8Array | undefined, found: Uint8Array | undefined): boolean {
  return digest && found ? Buffer.compare(digest, found) === 0 : digest === found;
}

function differs({ offset, length }: Range): DiskferryError {
  const message = `the target holds other bytes than were written, between ${offset} and ${offset + length}`;
  return new DiskferryError('target-differs', message, { offset });
}
