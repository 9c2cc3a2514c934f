import { MiB } from '../base/align.ts';
import type { Bytes, Range } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import { forEachBounded } from '../base/settle.ts';
import { Slots } from '../base/slots.ts';
import { FETCH_LIMIT, planFetches, type DataExtent, type Fetch } from '../image/fetch-plan.ts';
import type { Image } from '../image/image.ts';
import { Buffers } from './buffers.ts';
import type { Parcel, RawSegment } from './finish-segment.ts';
import { sharedBuffer } from './workshop.ts';

/** Longer runs are asked for in parts of this size: all connections work for the few segments that fit in memory. */
const REQUEST = 2 * MiB;

/** Reads what segments need from the files of an image. Nothing is unpacked yet. */
export class Fetcher {
  readonly #image: Image;
  readonly #connections: Slots;
  /** Only what is touched of them takes memory. */
  readonly #buffers = new Buffers(FETCH_LIMIT);
  readonly #signal: AbortSignal | undefined;

  /** @param connections requests under way at once, for all segments together */
  constructor(image: Image, connections: number, signal?: AbortSignal) {
    this.#image = image;
    this.#connections = new Slots(connections);
    this.#signal = signal;
  }

  /** @param bytes as long as the segment, in shared memory */
  async fetch(range: Range, bytes: Uint8Array): Promise<RawSegment> {
    const data: DataExtent[] = [];
    const zeros: Range[] = [];
    for await (const extent of this.#image.extents(range, this.#signal)) {
      if (extent.kind === 'data') data.push(extent);
      else zeros.push({ offset: extent.offset, length: extent.length });
    }
    const parcels: Parcel[] = [];
    await forEachBounded(planFetches(data), data.length, async (fetch) => {
      const parcel = await this.#parcel(fetch, { offset: range.offset, bytes });
      if (parcel) parcels.push(parcel);
    });
    return { offset: range.offset, bytes, parcels, zeros };
  }

  /** The segment is finished: what its parcels lay in is used again. */
  release(segment: RawSegment): void {
    for (const { stored } of segment.parcels) {
      if (stored.buffer.byteLength === FETCH_LIMIT) this.#buffers.give(new Uint8Array(stored.buffer));
    }
  }

  /** A single plain run goes straight to its place; everything else becomes a parcel. */
  async #parcel(fetch: Fetch, segment: { offset: number; bytes: Uint8Array }): Promise<Parcel | undefined> {
    const file = this.#image.files[fetch.file];
    if (!file) throw new DiskferryError('internal', `extent names file ${fetch.file} of ${this.#image.files.length}`);
    const only = fetch.parts.length === 1 ? fetch.parts[0] : undefined;
    if (only?.stored.form === 'plain') {
      const begin = only.offset - segment.offset;
      await this.#read(file, fetch.offset, segment.bytes.subarray(begin, begin + only.length));
      return undefined;
    }
    const stored =
      fetch.length <= FETCH_LIMIT ? this.#buffers.take().subarray(0, fetch.length) : sharedBuffer(fetch.length);
    await this.#read(file, fetch.offset, stored);
    return { offset: fetch.offset, stored, parts: fetch.parts };
  }

  async #read(file: Bytes, offset: number, into: Uint8Array): Promise<void> {
    const starts = Array.from({ length: Math.ceil(into.length / REQUEST) }, (_, turn) => turn * REQUEST);
    await forEachBounded(starts, starts.length, async (start) => {
      await this.#connections.acquire(this.#signal);
      try {
        await file.read(offset + start, into.subarray(start, start + REQUEST), this.#signal);
      } finally {
        this.#connections.release();
      }
    });
  }
}
