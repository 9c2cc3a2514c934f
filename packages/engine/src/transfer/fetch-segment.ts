import { MiB } from '../base/align.ts';
import type { Bytes } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import { forEachBounded } from '../base/settle.ts';
import { Slots } from '../base/slots.ts';
import { FETCH_LIMIT, planFetches, type DataExtent, type Fetch } from '../image/fetch-plan.ts';
import type { Image } from '../image/image.ts';
import { Buffers, sharedBuffer } from '../base/buffers.ts';
import type { Parcel, RawSegment } from './finish-segment.ts';
import { gapsBetween } from './segment.ts';

/** Longer runs are asked for in parts of this size: all connections work for the few segments that fit in memory. */
const REQUEST = 2 * MiB;

export interface FetchOptions {
  /** Requests under way at once, for all segments together. */
  readonly width: number;
  /** Whether the digests of segments are wanted. */
  readonly digested: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A segment of the disk and where it is to be put together. */
export interface Wanted {
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly data: readonly DataExtent[];
}

/** Reads what segments need from the files of an image. Nothing is unpacked yet. */
export class Fetcher {
  readonly #image: Image;
  readonly #connections: Slots;
  /** Only what is touched of them takes memory. */
  readonly #buffers = new Buffers(FETCH_LIMIT);
  /** What parcels lie in, by the part of it that they take. */
  readonly #lent = new Map<Uint8Array, Uint8Array>();
  readonly #digested: boolean;
  readonly #signal: AbortSignal | undefined;

  constructor(image: Image, how: FetchOptions) {
    this.#image = image;
    this.#connections = new Slots(how.width);
    this.#digested = how.digested;
    this.#signal = how.signal;
  }

  /**
   * @param bytes as long as the segment, in shared memory
   * @param data what the segment holds, ascending: the rest of it is zeros
   */
  async fetch({ offset, bytes, data }: Wanted): Promise<RawSegment> {
    const parcels: Parcel[] = [];
    await forEachBounded(planFetches(data), data.length, async (fetch) => {
      const parcel = await this.#parcel(fetch, { offset, bytes });
      if (parcel) parcels.push(parcel);
    });
    const held = data.map((extent) => ({ offset: extent.offset - offset, length: extent.length }));
    return { offset, bytes, parcels, zeros: gapsBetween(held, bytes.length), digested: this.#digested };
  }

  /** The segment is finished: what its parcels lay in is used again. */
  release(segment: RawSegment): void {
    for (const { stored } of segment.parcels) {
      const buffer = this.#lent.get(stored);
      if (buffer) this.#buffers.give(buffer);
      this.#lent.delete(stored);
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
    const stored = this.#room(fetch.length);
    await this.#read(file, fetch.offset, stored);
    return { offset: fetch.offset, stored, parts: fetch.parts };
  }

  /** A single extent may be larger than what is joined: packed units are as large as their format allows. */
  #room(length: number): Uint8Array {
    if (length > FETCH_LIMIT) return sharedBuffer(length);
    const buffer = this.#buffers.take();
    const stored = buffer.subarray(0, length);
    this.#lent.set(stored, buffer);
    return stored;
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
