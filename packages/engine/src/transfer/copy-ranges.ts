import { MiB } from '../base/align.ts';
import { endOf, type Range } from '../base/bytes.ts';
import { forEachBounded } from '../base/settle.ts';
import { clipped, type DataExtent } from '../image/fetch-plan.ts';
import type { Image } from '../image/image.ts';
import { Buffers } from '../base/buffers.ts';
import { Fetcher } from './fetch-segment.ts';
import { isDigested, isQuick } from './finish-segment.ts';
import { failing, type DiskMap } from './disk-map.ts';
import type { History } from './history.ts';
import type { Landing } from './landing.ts';
import type { Meter } from './meter.ts';
import { SEGMENT, segmentCount, segmentOf, segmentRange } from './segment.ts';
import type { Workshop } from './workshop.ts';

/** Zeros are made in steps of this size, so that a copy can be stopped between them. */
const ZERO_STEP = 256 * MiB;

export interface CopyOptions {
  readonly landing: Landing;
  readonly history: History;
  readonly workshop: Workshop;
  readonly meter: Meter;
  readonly map?: DiskMap | undefined;
  /** Requests to the source at once; the segments in flight follow from it. */
  readonly width: number;
  readonly startedZeroed: boolean;
  /** Whether the digests of segments are wanted. */
  readonly digested: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A segment with all data in it, ascending. */
interface DataSegment {
  readonly index: number;
  readonly data: readonly DataExtent[];
}

type Work = ({ readonly kind: 'data' } & DataSegment) | { readonly kind: 'zero'; readonly range: Range };

/** Copies an image that can be read at any offset: only its data, many segments at once, in no particular order. */
export async function copyRanges(image: Image, how: CopyOptions): Promise<void> {
  const parts = { buffers: new Buffers(SEGMENT), fetcher: new Fetcher(image, how) };
  const measured = new AbortController();
  const measuring = measure(image, how, measured.signal);
  try {
    await forEachBounded(plan(image, how), segmentsAtOnce(how.width), async (work) => {
      how.signal?.throwIfAborted();
      if (work.kind === 'zero') await how.landing.zero(work.range);
      else await copySegment(segmentRange(work.index, image.size), work, how, parts);
      if (work.kind === 'data') how.meter.dataLanded += lengthOf(work.data);
    });
  } finally {
    measured.abort();
    await measuring;
  }
}

/** Half of the requests are of segments that are being read; one more is being finished and written. */
function segmentsAtOnce(connections: number): number {
  return Math.ceil(connections / 2) + 1;
}

interface Parts {
  readonly buffers: Buffers;
  readonly fetcher: Fetcher;
}

async function copySegment(range: Range, segment: DataSegment, how: CopyOptions, parts: Parts): Promise<void> {
  const { buffers, fetcher } = parts;
  const { index, data } = segment;
  const buffer = buffers.take();
  const bytes = buffer.subarray(0, range.length);
  if (!isQuick(data, how.digested)) how.workshop.expect();
  const fetching = fetcher.fetch({ offset: range.offset, bytes, data });
  const raw = await failing(how, range, how.meter.waiting('source', fetching));
  const finished = await failing(how, range, how.meter.waiting('decode', how.workshop.finish(raw)));
  how.meter.decoded += range.length;
  fetcher.release(raw);
  await how.landing.segment(index, { bytes, release: () => buffers.give(buffer) }, finished);
  if (isDigested(finished)) how.history.add(index, finished.digest);
  else how.history.tear(index);
}

/** What is still to do, in the order of the disk. Extents are asked for as the copy goes: a huge map is never held. */
async function* plan(image: Image, how: CopyOptions): AsyncIterable<Work> {
  let next = 0;
  for await (const { index, data } of dataSegments(image, how.signal)) {
    yield* zeros(image, how, next, index);
    next = index + 1;
    if (how.history.isDone(index)) how.meter.dataLanded += lengthOf(data);
    else yield { kind: 'data', index, data };
  }
  yield* zeros(image, how, next, segmentCount(image.size));
}

/** Each segment that holds data, once. */
async function* dataSegments(image: Image, signal?: AbortSignal): AsyncIterable<DataSegment> {
  let current: { readonly index: number; readonly data: DataExtent[] } | undefined;
  for await (const extent of image.extents({ offset: 0, length: image.size }, signal)) {
    if (extent.kind !== 'data') continue;
    for (let index = segmentOf(extent.offset); index * SEGMENT < endOf(extent); index++) {
      if (current?.index !== index) {
        if (current) yield current;
        current = { index, data: [] };
      }
      const part = clipped(extent, segmentRange(index, image.size));
      if (part) current.data.push(part);
    }
  }
  if (current) yield current;
}

function lengthOf(data: readonly DataExtent[]): number {
  return data.reduce((sum, { length }) => sum + length, 0);
}

/** The segments from `from` up to `to` hold no data: what of them is not done yet, in steps. */
function* zeros(image: Image, how: CopyOptions, from: number, to: number): Iterable<Work> {
  let at = from;
  while (at < to) {
    if (how.startedZeroed) {
      how.meter.landed += endOfSegments(to, image.size) - at * SEGMENT;
      return;
    }
    if (how.history.isDone(at)) {
      at += 1;
      continue;
    }
    let end = at + 1;
    while (end < to && (end - at) * SEGMENT < ZERO_STEP && !how.history.isDone(end)) end += 1;
    yield { kind: 'zero', range: { offset: at * SEGMENT, length: endOfSegments(end, image.size) - at * SEGMENT } };
    at = end;
  }
}

function endOfSegments(count: number, diskSize: number): number {
  return Math.min(count * SEGMENT, diskSize);
}

/**
 * Adds up the data while the copy runs, so that the time left rests on what has to be read, and tells the map where it lies.
 * Nothing depends on it.
 */
async function measure(
  image: Image,
  { meter, map }: { readonly meter: Meter; readonly map?: DiskMap | undefined },
  signal: AbortSignal,
): Promise<void> {
  try {
    let data = 0;
    let next = 0;
    for await (const extent of image.extents({ offset: 0, length: image.size }, signal)) {
      if (signal.aborted) return;
      if (extent.kind !== 'data') continue;
      data += extent.length;
      const first = Math.max(next, segmentOf(extent.offset));
      map?.foresee(next, first, 'hole');
      next = segmentOf(endOf(extent) - 1) + 1;
      map?.foresee(first, next, 'waiting');
    }
    map?.foresee(next, segmentCount(image.size), 'hole');
    meter.dataSize = data;
  } catch {
    // The copy itself reads the same map and reports what is wrong with it.
  }
}
