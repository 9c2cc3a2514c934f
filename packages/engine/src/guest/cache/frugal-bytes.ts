import { KiB, MiB } from '../../base/align.ts';
import type { Bytes } from '../../base/bytes.ts';
import { overLimit } from '../fault.ts';
import type { Budget } from './budget.ts';

const PAGE = 64 * KiB;
const CAPACITY = (8 * MiB) / PAGE;
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
  /** In order of use. */
  readonly #pages = new Map<number, Promise<Uint8Array>>();

  constructor(disk: Bytes, budget: Budget, signal?: AbortSignal) {
    this.#disk = disk;
    this.size = disk.size;
    this.budget = budget;
    this.#signal = signal;
  }

  /** @throws GuestFault `limit` over budget, or outside of the disk */
  async read(offset: number, into: Uint8Array): Promise<void> {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset + into.length > this.size) {
      throw overLimit(`a structure leads to byte ${offset}, the disk has ${this.size}`);
    }
    if (into.length === 0) return;
    if (into.length >= PASSING) return this.#fetch(offset, into);
    const first = Math.floor(offset / PAGE);
    const last = Math.floor((offset + into.length - 1) / PAGE);
    this.#request(first, last);
    const wanted: Promise<Uint8Array>[] = [];
    for (let index = first; index <= last; index++) wanted.push(this.#use(index));
    this.#evict();
    const pages = await Promise.all(wanted);
    let done = 0;
    for (const [turn, page] of pages.entries()) {
      const from = turn === 0 ? offset - first * PAGE : 0;
      const part = page.subarray(from, from + into.length - done);
      into.set(part, done);
      done += part.length;
    }
  }

  /** The disk belongs to whoever opened it. */
  async [Symbol.asyncDispose](): Promise<void> {}

  /** Missing neighbours come in one request. */
  #request(first: number, last: number): void {
    for (let index = first; index <= last; index++) {
      let end = index;
      while (end <= last && !this.#pages.has(end)) end++;
      if (end > index) this.#requestRun(index, end);
      index = end;
    }
  }

  #requestRun(first: number, end: number): void {
    const offset = first * PAGE;
    const run = new Uint8Array(Math.min(end * PAGE, this.size) - offset);
    const arrival = this.#fetch(offset, run);
    for (let index = first; index < end; index++) {
      const at = (index - first) * PAGE;
      const page = arrival.then(() => run.subarray(at, at + PAGE));
      this.#pages.set(index, page);
      page.catch(() => {
        if (this.#pages.get(index) === page) this.#pages.delete(index);
      });
    }
  }

  /** It is there: `#request` has just seen to it. */
  #use(index: number): Promise<Uint8Array> {
    const page = this.#pages.get(index) as Promise<Uint8Array>;
    this.#pages.delete(index);
    this.#pages.set(index, page);
    return page;
  }

  #evict(): void {
    for (const index of this.#pages.keys()) {
      if (this.#pages.size <= CAPACITY) return;
      this.#pages.delete(index);
    }
  }

  async #fetch(offset: number, into: Uint8Array): Promise<void> {
    this.budget.spend(into.length);
    const late = AbortSignal.timeout(Math.max(1, Math.ceil(this.budget.timeLeft)));
    try {
      await this.#disk.read(offset, into, this.#signal ? AbortSignal.any([this.#signal, late]) : late);
    } catch (error) {
      this.#signal?.throwIfAborted();
      if (late.aborted) this.budget.requireTime();
      throw error;
    }
  }
}
