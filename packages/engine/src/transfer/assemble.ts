import { endOf, type Range } from '../base/bytes.ts';
import { Buffers } from './buffers.ts';
import { withRange } from './coverage.ts';
import { gapsBetween, SEGMENT, segmentOf } from './segment.ts';

/** A segment that pieces are being gathered in. */
export interface Gathered {
  readonly index: number;
  /** SEGMENT bytes; outside `covered` they are undefined until `fillGaps`. */
  readonly bytes: Uint8Array;
  /** Relative to the segment, ascending, merged. */
  covered: Range[];
  /** Position of its first piece in the order of pieces. */
  readonly first: number;
}

/** Segments open at once: more gather better what arrives out of order, and cost SEGMENT bytes each. */
const OPEN_LIMIT = 8;

/**
 * Gathers pieces into segments, so that the target gets few and large writes although an image may arrive in clusters
 * of 4 KiB. A segment is handed on when it is full, or when it is the oldest of too many: then later pieces of it come
 * as a segment of their own.
 */
export class Assembler {
  readonly #open = new Map<number, Gathered>();
  readonly #buffers = new Buffers(SEGMENT);

  /** Takes a piece that begins at `position` in the order of pieces; gives the segments that are to be landed now. */
  *accept(offset: number, bytes: Uint8Array, position: number): Iterable<Gathered> {
    for (let done = 0; done < bytes.length;) {
      const index = segmentOf(offset + done);
      const within = offset + done - index * SEGMENT;
      const length = Math.min(bytes.length - done, SEGMENT - within);
      if (!this.#open.has(index) && this.#open.size >= OPEN_LIMIT) yield this.#closeOldest();
      const segment = this.#opened(index, position + done);
      segment.bytes.set(bytes.subarray(done, done + length), within);
      segment.covered = withRange(segment.covered, { offset: within, length });
      if (isFull(segment)) yield this.#close(segment);
      done += length;
    }
  }

  /** What is still open, oldest first. */
  *rest(): Iterable<Gathered> {
    while (this.#open.size > 0) yield this.#closeOldest();
  }

  /** The position of the oldest piece that is still held. */
  oldest(): number | undefined {
    const first = this.#open.values().next();
    return first.done ? undefined : first.value.first;
  }

  /** The buffer may be used again. */
  release(segment: Gathered): void {
    this.#buffers.give(segment.bytes);
  }

  #opened(index: number, first: number): Gathered {
    const found = this.#open.get(index);
    if (found) return found;
    const segment: Gathered = { index, bytes: this.#buffers.take(), covered: [], first };
    this.#open.set(index, segment);
    return segment;
  }

  #closeOldest(): Gathered {
    const oldest = this.#open.values().next().value as Gathered;
    return this.#close(oldest);
  }

  #close(segment: Gathered): Gathered {
    this.#open.delete(segment.index);
    return segment;
  }
}

export function isFull(segment: Gathered): boolean {
  return segment.covered.length === 1 && segment.covered[0]?.length === SEGMENT;
}

/** Makes what no piece covered zero, up to `length`. */
export function fillGaps(segment: Gathered, length: number): Uint8Array {
  for (const gap of gapsBetween(segment.covered, length)) segment.bytes.fill(0, gap.offset, endOf(gap));
  return segment.bytes.subarray(0, length);
}
