import { KiB, MiB } from '../../base/align.ts';
import type { Bytes, Range } from '../../base/bytes.ts';
import { PageCache } from '../../base/page-cache.ts';
import { overLimit } from '../fault.ts';
import type { Budget } from './budget.ts';

const KEPT = 8 * MiB;
/** Longer reads go past the pages: the content of a file must not push out the tables that lead to it. */
const PASSING = 512 * KiB;

/**
 * A disk for readers that hop from table to table: whole pages, the last few MiB of them kept, every byte counted
 * against a budget. It carries the signal and the time limit of the inspection, so that readers pass on neither.
 */
export class FrugalBytes implements Bytes {
  readonly size: number;
  readonly budget: Budget;
  readonly #disk: Bytes;
  readonly #signal: AbortSignal | undefined;
  readonly #pages: PageCache;

  constructor(disk: Bytes, budget: Budget, signal?: AbortSignal) {
    this.#disk = disk;
    this.size = disk.size;
    this.budget = budget;
    this.#signal = signal;
    this.#pages = new PageCache(disk.size, (range, pieces) => this.#fetchPieces(range, pieces), KEPT);
  }

  /** @throws GuestFault `limit` over budget, or outside of the disk */
  async read(offset: number, into: Uint8Array): Promise<void> {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset + into.length > this.size) {
      throw overLimit(`a structure leads to byte ${offset}, the disk has ${this.size}`);
    }
    if (into.length === 0) return;
    if (into.length >= PASSING) return this.#fetch(offset, into);
    await this.#pages.read(offset, into);
  }

  /** The disk belongs to whoever opened it. */
  async [Symbol.asyncDispose](): Promise<void> {}

  /** Neighbours are one read of the disk. */
  async #fetchPieces({ offset, length }: Range, pieces: readonly Uint8Array[]): Promise<void> {
    const [only] = pieces;
    if (only !== undefined && pieces.length === 1) return this.#fetch(offset, only);
    const run = new Uint8Array(length);
    await this.#fetch(offset, run);
    let done = 0;
    for (const piece of pieces) {
      piece.set(run.subarray(done, done + piece.length));
      done += piece.length;
    }
  }

  async #fetch(offset: number, into: Uint8Array): Promise<void> {
    this.budget.spend(into.length);
    const late = AbortSignal.timeout(Math.max(1, Math.ceil(this.budget.timeLeft)));
    try {
      await this.#disk.read(offset, into, this.#signal ? AbortSignal.any([this.#signal, late]) : late);
    } catch (error) {
      this.#signal?.throwIfAborted();
      // The timer may go off a little before the budget's own clock is over.
      if (late.aborted) throw this.budget.tooLate();
      throw error;
    }
  }
}
