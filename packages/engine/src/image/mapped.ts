import { endOf, type Bytes, type Range } from '../base/bytes.ts';
import { copyInto } from '../base/copy-into.ts';
import { DiskferryError } from '../base/errors.ts';
import { forEachBounded } from '../base/settle.ts';
import { planFetches, type DataExtent, type Fetch } from './fetch-plan.ts';
import type { Extent, Image, ImageFacts } from './image.ts';
import { unpackUnit } from './unpack-unit.ts';

/** What a format knows about a file: everything an image is, but for reading. */
export interface Mapping {
  readonly size: number;
  readonly facts: ImageFacts;
  readonly files: readonly Bytes[];
  extents(within: Range, signal?: AbortSignal): AsyncIterable<Extent>;
}

/** Requests under way for one read. */
const FETCHES_AT_ONCE = 4;

/** The image that a mapping describes. All formats are read by this code. */
export function mappedImage(mapping: Mapping): Image {
  return {
    size: mapping.size,
    facts: mapping.facts,
    files: mapping.files,
    extents: (within, signal) => mapping.extents(within, signal),
    read: (offset, into, signal) => readMapped(mapping, { offset, into }, signal),
    async [Symbol.asyncDispose]() {},
  };
}

/** A part of the virtual disk in memory: `into` begins at `offset` of the disk. */
export interface Destination {
  readonly offset: number;
  readonly into: Uint8Array;
}

async function readMapped(mapping: Mapping, to: Destination, signal?: AbortSignal): Promise<void> {
  const within = { offset: to.offset, length: to.into.length };
  if (to.offset < 0 || endOf(within) > mapping.size) {
    throw new DiskferryError('internal', `read of ${within.length} bytes at ${to.offset} leaves ${mapping.size} bytes`);
  }
  const data: DataExtent[] = [];
  for await (const extent of mapping.extents(within, signal)) {
    if (extent.kind === 'data') data.push(extent);
    else part(to, extent).fill(0);
  }
  await forEachBounded(planFetches(data), FETCHES_AT_ONCE, (fetch) => fetchInto(mapping.files, fetch, to, signal));
}

async function fetchInto(
  files: readonly Bytes[],
  fetch: Fetch,
  to: Destination,
  signal: AbortSignal | undefined,
): Promise<void> {
  const file = files[fetch.file];
  if (!file) throw new DiskferryError('internal', `extent names file ${fetch.file} of ${files.length}`);
  const only = fetch.parts.length === 1 ? fetch.parts[0] : undefined;
  if (only?.stored.form === 'plain') {
    await file.read(fetch.offset, part(to, only), signal);
    return;
  }
  const stored = new Uint8Array(fetch.length);
  await file.read(fetch.offset, stored, signal);
  for (const extent of fetch.parts) placeStored(extent, stored.subarray(extent.stored.offset - fetch.offset), to);
}

/**
 * Puts one extent to its place; `stored` begins at the extent's stored offset.
 * @throws DiskferryError `image-damaged` where a packed unit does not unpack
 */
export function placeStored(extent: DataExtent, stored: Uint8Array, to: Destination): void {
  const { stored: at } = extent;
  const place = part(to, extent);
  if (at.form === 'plain') {
    copyInto(place, 0, stored.subarray(0, extent.length));
    return;
  }
  const packed = stored.subarray(0, at.length);
  const whole = at.skip === 0 && extent.length === at.unpacked;
  const unit = unpackUnit(at.codec, packed, at.unpacked, at.offset, whole ? place : undefined);
  if (!whole) copyInto(place, 0, unit.subarray(at.skip, at.skip + extent.length));
}

function part(to: Destination, range: Range): Uint8Array {
  const begin = range.offset - to.offset;
  return to.into.subarray(begin, begin + range.length);
}
