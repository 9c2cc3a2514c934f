import { KiB, MiB } from '../base/align.ts';
import { overlap, type Range } from '../base/bytes.ts';
import type { Extent, Stored } from './image.ts';

/**
 * Turns extents into few, large reads in file order. Neighbours in the file become one request, also when they are not
 * neighbours on the disk: over a network a request costs more than the bytes of a small gap.
 */
export type DataExtent = Extract<Extent, { kind: 'data' }>;

export interface Fetch {
  readonly file: number;
  readonly offset: number;
  readonly length: number;
  readonly parts: readonly DataExtent[];
}

/** Bytes between two parts that are read and thrown away rather than asked for in two requests. */
const GAP_LIMIT = 32 * KiB;
/** A joined request is not made longer than this: it is held in memory while its parts are placed. */
export const FETCH_LIMIT = 8 * MiB;
/** Plain runs of this size are read by themselves, straight to their place: joining them would cost a copy. */
const LARGE = 1 * MiB;

export function planFetches(extents: readonly DataExtent[]): Fetch[] {
  const inFileOrder = extents.toSorted((a, b) => a.stored.file - b.stored.file || a.stored.offset - b.stored.offset);
  const fetches: Fetch[] = [];
  for (const part of inFileOrder) {
    const last = fetches.at(-1);
    const joined = last && join(last, part);
    if (joined) fetches[fetches.length - 1] = joined;
    else
      fetches.push({ file: part.stored.file, offset: part.stored.offset, length: storedLength(part), parts: [part] });
  }
  return fetches;
}

/** Bytes that an extent takes in its file. */
export function storedLength(extent: { readonly length: number; readonly stored: Stored }): number {
  return extent.stored.form === 'plain' ? extent.length : extent.stored.length;
}

/** The part of an extent that lies in `within`, or undefined. */
export function clipped<E extends Extent>(extent: E, within: Range): E | undefined {
  const part = overlap(extent, within);
  if (!part) return undefined;
  if (part.length === extent.length) return extent;
  if (extent.kind !== 'data') return { ...extent, ...part };
  return { ...extent, ...part, stored: movedBy(extent.stored, part.offset - extent.offset) };
}

function movedBy(stored: Stored, bytes: number): Stored {
  if (stored.form === 'plain') return { ...stored, offset: stored.offset + bytes };
  return { ...stored, skip: stored.skip + bytes };
}

function join(fetch: Fetch, part: DataExtent): Fetch | undefined {
  const end = fetch.offset + fetch.length;
  const partEnd = part.stored.offset + storedLength(part);
  const near = part.stored.file === fetch.file && part.stored.offset - end <= GAP_LIMIT;
  if (!near || partEnd - fetch.offset > FETCH_LIMIT || (isLarge(part) && isLarge(fetch.parts.at(-1)))) return undefined;
  return { ...fetch, length: Math.max(end, partEnd) - fetch.offset, parts: appended(fetch.parts, part) };
}

function isLarge(part: DataExtent | undefined): boolean {
  return part?.stored.form === 'plain' && part.length >= LARGE;
}

/** Grows the list in place: a fetch of a disk with 512-byte clusters has thousands of parts. */
function appended(parts: readonly DataExtent[], part: DataExtent): readonly DataExtent[] {
  (parts as DataExtent[]).push(part);
  return parts;
}
