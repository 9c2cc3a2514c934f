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
  /** The digest is that of the segment as it now is. */
  readonly whole: boolean;
}

export interface ReadBackHow {
  readonly readBack: Bytes;
  readonly workshop: Workshop;
  /** Of SEGMENT bytes. */
  readonly buffers: Buffers;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads what was written and compares it with its digest.
 * @throws DiskferryError `target-differs` with the place on the disk
 */
export async function checkWritten(how: ReadBackHow, written: Written): Promise<void> {
  const { offset, length } = written.range;
  const buffer = how.buffers.take();
  const bytes = buffer.subarray(0, length);
  await how.readBack.read(offset, bytes, how.signal);
  const found = written.whole
    ? (await how.workshop.finish({ offset, bytes, parcels: [], zeros: [], digested: true })).digest
    : segmentDigest(bytes, [{ offset: 0, length }]);
  how.buffers.give(buffer);
  requireSame(written, found);
}

export function requireSame(written: { range: Range; digest: Uint8Array | undefined }, found?: Uint8Array): void {
  const { digest, range } = written;
  const same = digest && found ? Buffer.compare(digest, found) === 0 : digest === found;
  if (same) return;
  const message = `the target holds other bytes than were written, between ${range.offset} and ${range.offset + range.length}`;
  throw new DiskferryError('target-differs', message, { offset: range.offset });
}
