import type { Range } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import { forEachBounded } from '../base/settle.ts';
import { planFetches, type DataExtent, type Fetch } from '../image/fetch-plan.ts';
import type { Image } from '../image/image.ts';
import type { Parcel, RawSegment } from './finish-segment.ts';
import { sharedBuffer } from './workshop.ts';

/** Requests under way for one segment: more only where the segment is scattered over the file. */
const FETCHES_AT_ONCE = 4;

/** Reads what a segment needs from the files of its image. Nothing is unpacked yet. */
export async function fetchSegment(
  image: Image,
  range: Range,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<RawSegment> {
  const data: DataExtent[] = [];
  const zeros: Range[] = [];
  for await (const extent of image.extents(range, signal)) {
    if (extent.kind === 'data') data.push(extent);
    else zeros.push({ offset: extent.offset, length: extent.length });
  }
  const parcels: Parcel[] = [];
  await forEachBounded(planFetches(data), FETCHES_AT_ONCE, async (fetch) => {
    const parcel = await fetchParcel(image, fetch, { offset: range.offset, bytes }, signal);
    if (parcel) parcels.push(parcel);
  });
  return { offset: range.offset, bytes, parcels, zeros };
}

/** A single plain run goes straight to its place; everything else becomes a parcel. */
async function fetchParcel(
  image: Image,
  fetch: Fetch,
  segment: { readonly offset: number; readonly bytes: Uint8Array },
  signal?: AbortSignal,
): Promise<Parcel | undefined> {
  const file = image.files[fetch.file];
  if (!file) throw new DiskferryError('internal', `extent names file ${fetch.file} of ${image.files.length}`);
  const only = fetch.parts.length === 1 ? fetch.parts[0] : undefined;
  if (only?.stored.form === 'plain') {
    const begin = only.offset - segment.offset;
    await file.read(fetch.offset, segment.bytes.subarray(begin, begin + only.length), signal);
    return undefined;
  }
  const stored = sharedBuffer(fetch.length);
  await file.read(fetch.offset, stored, signal);
  return { offset: fetch.offset, stored, parts: fetch.parts };
}
