import { MiB } from '../base/align.ts';
import type { ByteStream } from '../base/bytes.ts';
import { isZero } from '../base/zero.ts';
import type { PassPlace, PassPlaces, Piece } from '../image/image.ts';
import type { Mark, MarkedStream } from '../unpack/package.ts';

/**
 * Sits between a decoder and whatever reads its content (tar, a format), and makes a pass able to go on from the middle
 * without either of them knowing.
 *
 * A piece of the disk is a view of the chunk it came in. So what of a chunk became a piece is known, and everything
 * else (tar headers, tables, what a format copied away for later) is kept. After a crash the content before the mark is
 * played again: what was kept as it was, zeros for the rest. The readers find their headers and tables, and the pieces
 * they make of the zeros are those that are on the target already: they are counted and not written.
 *
 * Safe because a chunk is valid only until the next one is asked for: once it is, no later piece can be a view of it.
 */
export class Tap implements PassPlaces {
  readonly #limits: TapLimits;
  /** What was kept since the last place that was given. */
  #kept: { offset: number; bytes: Uint8Array }[] = [];
  /** How often something was kept before that. */
  #given = 0;
  #keptBytes: number;
  #offset = 0;
  #taken = 0;
  #chunk: Uint8Array | undefined;
  #claimed: [from: number, to: number][] = [];
  #places: { readonly mark: Mark; readonly taken: number; readonly kept: number }[] = [];
  #lastMark = 0;

  /** @param before what an earlier run kept, where it goes on */
  constructor(before: PassPlace | undefined, limits: Partial<TapLimits> = {}) {
    this.#limits = { ...LIMITS, ...limits };
    this.#keptBytes = (before?.kept ?? []).reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.#lastMark = before?.mark.packedOffset ?? 0;
  }

  /** The content for those above: played again up to the mark, then as it comes. */
  async *content(stream: MarkedStream, from: PassPlace | undefined): ByteStream {
    if (from) yield* replay(from);
    this.#offset = from?.mark.contentOffset ?? 0;
    for await (const chunk of stream) {
      this.#chunk = chunk;
      this.#claimed = [];
      yield chunk;
      this.#chunk = undefined;
      this.#keepUnclaimed(chunk);
      this.#offset += chunk.length;
      this.#notePlace(stream);
    }
  }

  taken({ bytes }: Piece): void {
    this.#taken += bytes.length;
    const chunk = this.#chunk;
    if (!chunk || bytes.buffer !== chunk.buffer) return;
    const from = bytes.byteOffset - chunk.byteOffset;
    if (from >= 0 && from + bytes.length <= chunk.length) this.#claimed.push([from, from + bytes.length]);
  }

  next(position: number): PassPlace | undefined {
    const index = this.#places.findLastIndex(({ taken }) => taken <= position);
    const place = this.#places[index];
    if (!place) return undefined;
    this.#places = this.#places.slice(index + 1);
    const kept = this.#kept.splice(0, place.kept - this.#given);
    this.#given = place.kept;
    return { mark: place.mark, kept };
  }

  #keepUnclaimed(chunk: Uint8Array): void {
    let at = 0;
    for (const [from, to] of [...this.#claimed, [chunk.length, chunk.length] as const]) {
      if (from > at) this.#keep(this.#offset + at, chunk.subarray(at, from));
      at = Math.max(at, to);
    }
  }

  /** Zeros are what is played anyway. Beyond the limit nothing is kept, and no further place is offered. */
  #keep(offset: number, bytes: Uint8Array): void {
    if (this.#keptBytes > this.#limits.kept || isZero(bytes)) return;
    this.#keptBytes += bytes.length;
    this.#kept.push({ offset, bytes: Uint8Array.from(bytes) });
  }

  #notePlace(stream: MarkedStream): void {
    if (this.#keptBytes > this.#limits.kept) return;
    const mark = stream.mark(this.#lastMark + this.#limits.apart);
    if (!mark) return;
    this.#lastMark = mark.packedOffset;
    this.#places.push({ mark, taken: this.#taken, kept: this.#given + this.#kept.length });
    if (this.#places.length > PLACES) this.#places.shift();
  }
}

interface TapLimits {
  /** Bytes that may be kept in all; they go into the checkpoint. */
  readonly kept: number;
  /** Packed bytes between two marks: what is read again after a crash, besides what was not yet flushed. */
  readonly apart: number;
}

const LIMITS: TapLimits = { kept: 32 * MiB, apart: 4 * MiB };
/** Places that wait to be flushed; each holds a window of the decoder. */
const PLACES = 64;
const ZEROS = new Uint8Array(1 * MiB);

async function* replay({ mark, kept }: PassPlace): ByteStream {
  let at = 0;
  for (const { offset, bytes } of kept) {
    if (offset + bytes.length > mark.contentOffset) break;
    yield* zeros(offset - at);
    yield bytes;
    at = offset + bytes.length;
  }
  yield* zeros(mark.contentOffset - at);
}

function* zeros(length: number): Iterable<Uint8Array> {
  for (let left = length; left > 0; left -= ZEROS.length) yield ZEROS.subarray(0, left);
}
