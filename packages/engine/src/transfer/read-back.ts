import { readBytes, type Bytes, type Range } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import { segmentDigest } from './disk-digest.ts';
import { dataRuns } from './segment.ts';

/** Something that was written and is not yet recorded. */
export interface Written {
  readonly index: number;
  /** Of the disk. */
  readonly range: Range;
  /** Of the whole segment (undefined: all zero), or of the part as one run. */
  readonly digest: Uint8Array | undefined;
  readonly whole: boolean;
}

/**
 * Reads what was written and compares it with its digest.
 * @throws DiskferryError `target-differs` with the place on the disk
 */
export async function checkWritten(readBack: Bytes, written: Written, signal?: AbortSignal): Promise<void> {
  const bytes = await readBytes(readBack, written.range, signal);
  const runs = written.whole ? dataRuns(bytes) : [{ offset: 0, length: bytes.length }];
  requireSame(written, runs.length > 0 ? segmentDigest(bytes, runs) : undefined);
}

export function requireSame(written: { range: Range; digest: Uint8Array | undefined }, found?: Uint8Array): void {
  const { digest, range } = written;
  const same = digest && found ? Buffer.compare(digest, found) === 0 : digest === found;
  if (same) return;
  const message = `the target holds other bytes than were written, between ${range.offset} and ${range.offset + range.length}`;
  throw new DiskferryError('target-differs', message, { offset: range.offset });
}
