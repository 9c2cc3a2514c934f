import type { Range } from '../base/bytes.ts';
import type { DataExtent } from '../image/fetch-plan.ts';
import { placeStored } from '../image/mapped.ts';
import { segmentDigest } from './disk-digest.ts';
import { dataRuns } from './segment.ts';

/** What was fetched from the file of an image: bytes from `offset` on, and the extents that lie in them. */
export interface Parcel {
  readonly offset: number;
  readonly stored: Uint8Array;
  readonly parts: readonly DataExtent[];
}

/** A segment that still needs the processor: everything that is work and not waiting. */
export interface RawSegment {
  /** Of the disk. */
  readonly offset: number;
  /** As long as the segment; plain data that was fetched by itself is in its place already. */
  readonly bytes: Uint8Array;
  readonly parcels: readonly Parcel[];
  /** Of the disk: runs that read as zeros. */
  readonly zeros: readonly Range[];
}

export interface Finished {
  /** Relative to the segment: what is not zero. */
  readonly runs: readonly Range[];
  /** Undefined where all of it is zero. */
  readonly digest: Uint8Array | undefined;
}

/**
 * Unpacks and places what was fetched, looks for zeros and takes the digest.
 * @throws DiskferryError `image-damaged`
 */
export function finishSegment(raw: RawSegment): Finished {
  const { offset, bytes } = raw;
  for (const zero of raw.zeros) bytes.fill(0, zero.offset - offset, zero.offset - offset + zero.length);
  for (const parcel of raw.parcels) {
    for (const part of parcel.parts) {
      placeStored(part, parcel.stored.subarray(part.stored.offset - parcel.offset), { offset, into: bytes });
    }
  }
  const runs = dataRuns(bytes);
  return { runs, digest: runs.length > 0 ? segmentDigest(bytes, runs) : undefined };
}
