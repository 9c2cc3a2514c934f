import { MiB } from '../base/align.ts';
import type { Range } from '../base/bytes.ts';
import { copyInto, zeroInto } from '../base/copy-into.ts';
import { isZero } from '../base/zero.ts';
import { Buffers } from '../base/buffers.ts';
import { withRange } from './coverage.ts';
import { BLOCK, gapsBetween, SEGMENT, segmentOf } from './segment.ts';

/** A segment that pieces are being gathered in. */
export interface Gathered {
  readonly index: number;
  /** SEGMENT bytes; undefined as long as only zeros came. Outside `covered` they are undefined until `fillGaps`. */
  bytes: Uint8Array | undefined;
  /** What is not zero: relative to the segment, ascending, merged. */
  covered: Range[];
  /** Bytes of pieces that came, zeros included. */
  taken: number;
  /** Position of its first piece in the order of pieces. */
  readonly first: number;
  /** Position up to which pieces of it came. */
  last: number;
}

/** Segments open at once: more gather better what arrives out of order, and cost SEGMENT bytes each. */
const OPEN_LIMIT = 8;
/**
 * A segment that got nothing while so many bytes of pieces went by is not waited for: part of it is a hole. As long as
 * it is open, nothing behind its first piece can be recorded.
 */
const PATIENCE = 8 * MiB;

/**
 * Gathers pieces into segments, so that the target gets few and large writes although an image may arrive in clusters
 * of 4 KiB. A segment is handed on when it is full, or when it is the oldest of too many: then later pieces of it come
 * as a segment of their own. Zeros are noted and not kept: most of a large raw disk is zeros, and what no piece covers
 * reads as zeros anyway.
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
      segment.last = position + done + length;
      this.#gather(segment, within, bytes.subarray(done, done + length));
      if (segment.taken === SEGMENT) yield this.#close(segment);
      done += length;
    }
    yield* this.#forgotten(position);
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
    if (segment.bytes) this.#buffers.give(segment.bytes);
    segment.bytes = undefined;
  }

  #gather(segment: Gathered, within: number, bytes: Uint8Array): void {
    segment.taken += bytes.length;
    for (let at = 0; at < bytes.length;) {
      const length = Math.min(bytes.length - at, BLOCK - ((within + at) % BLOCK));
      const block = bytes.subarray(at, at + length);
      if (!isZero(block)) {
        segment.bytes ??= this.#buffers.take();
        copyInto(segment.bytes, within + at, block);
        segment.covered = withRange(segment.covered, { offset: within + at, length });
      }
      at += length;
    }
  }

  #opened(index: number, first: number): Gathered {
    const found = this.#open.get(index);
    if (found) return found;
    const segment: Gathered = { index, bytes: undefined, covered: [], taken: 0, first, last: first };
    this.#open.set(index, segment);
    return segment;
  }

  *#forgotten(position: number): Iterable<Gathered> {
    for (const segment of this.#open.values()) {
      if (position - segment.last > PATIENCE) yield this.#close(segment);
    }
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

/** Makes what no piece covered zero, up to `length`. */
export function fillGaps(bytes: Uint8Array, covered: readonly Range[], length: number): Uint8Array {
  for (const gap of gapsBetween(covered, length)) zeroInto(bytes, gap);
  return bytes.subarray(0, length);
}
