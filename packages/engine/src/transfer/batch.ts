import { endOf, overlap, type Range } from '../base/bytes.ts';
import { copyInto } from '../base/copy-into.ts';
import type { Written } from './read-back.ts';

/** What was written and is not yet recorded. */
export class Batch {
  readonly written: Written[] = [];
  readonly zeroed: Range[] = [];
  readonly #byIndex = new Map<number, Written[]>();
  /** Writes over what stands in the batch, by segment: only behind them it can be read back. */
  readonly #writing = new Map<number, Promise<unknown>>();
  #bytes = 0;

  /** Of what was written. */
  get bytes(): number {
    return this.#bytes;
  }

  get isEmpty(): boolean {
    return this.written.length === 0 && this.zeroed.length === 0;
  }

  has(index: number): boolean {
    return this.#byIndex.has(index);
  }

  add(written: Written): void {
    this.written.push(written);
    this.#bytes += written.range.length;
    const before = this.#byIndex.get(written.index);
    if (before) before.push(written);
    else this.#byIndex.set(written.index, [written]);
  }

  /** Neighbours become one: a disk of zeros shall not make a long checkpoint. */
  addZeros(range: Range): void {
    const last = this.zeroed.at(-1);
    if (last && endOf(last) === range.offset) {
      this.zeroed[this.zeroed.length - 1] = { offset: last.offset, length: last.length + range.length };
    } else this.zeroed.push(range);
  }

  /** Whether something of the range could no longer be compared once it was written over: only its digest is known. */
  wouldBeLost(index: number, range: Range): boolean {
    const before = this.#byIndex.get(index) ?? [];
    return before.some((written) => !written.kept && overlap(written.range, range) !== undefined);
  }

  /**
   * A part is about to be written over a segment of the batch: from now on that is what the segment is compared with.
   * @returns whether it is: otherwise the part must be added by itself
   */
  overlay(index: number, offset: number, bytes: Uint8Array): boolean {
    const part = { offset, length: bytes.length };
    const under = this.#byIndex.get(index)?.find(({ kept, range }) => kept && overlap(range, part) !== undefined);
    if (!under?.kept) return false;
    copyInto(under.kept.bytes, offset - under.range.offset, bytes);
    under.whole = false;
    this.#bytes += bytes.length;
    return true;
  }

  /** Must be told of each write that is begun over a segment of the batch. */
  writing(index: number, write: Promise<void>): void {
    const before = this.#writing.get(index);
    const both = before ? Promise.all([before, write]) : write;
    both.catch(() => undefined); // whoever began it, and `overlaid`, see the failure
    this.#writing.set(index, both);
  }

  /** Settles when nothing is being written over the batch. @throws what such a write has thrown */
  async overlaid(): Promise<void> {
    await Promise.allSettled(this.#writing.values());
    await Promise.all(this.#writing.values());
  }
}
