import type { Range } from '../base/bytes.ts';
import { zeroInto } from '../base/copy-into.ts';
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
  /** Relative to the segment: runs that read as zeros. */
  readonly zeros: readonly Range[];
  /** Whether the digest is wanted: it costs more than all the rest of a plain segment. */
  readonly digested: boolean;
}

export interface Finished {
  /** Relative to the segment: what is not zero. */
  readonly runs: readonly Range[];
  /** Undefined where all of it is zero, or where it was not wanted. */
  readonly digest: Uint8Array | undefined;
}

/**
 * Unpacks and places what was fetched, looks for zeros and takes the digest.
 * @throws DiskferryError `image-damaged`
 */
export function finishSegment(raw: RawSegment): Finished {
  const { offset, bytes } = raw;
  for (const zero of raw.zeros) zeroInto(bytes, zero);
  for (const parcel of raw.parcels) {
    for (const part of parcel.parts) {
      placeStored(part, parcel.stored.subarray(part.stored.offset - parcel.offset), { offset, into: bytes });
    }
  }
  const runs = dataRuns(bytes);
  return { runs, digest: raw.digested && runs.length > 0 ? segmentDigest(bytes, runs) : undefined };
}

/** Whether the digest is known, if only because there is none of zeros. */
export function isDigested({ runs, digest }: Finished): boolean {
  return digest !== undefined || runs.length === 0;
}

/** Whether it is done sooner than a thread can be told of it. */
export function isQuick(extents: readonly DataExtent[], digested: boolean): boolean {
  return !digested && extents.every(({ stored }) => stored.form === 'plain');
}
