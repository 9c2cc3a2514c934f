import { KiB, MiB } from './align.ts';
import type { Range } from './bytes.ts';
import { unlessAborted } from './sleep.ts';

const PAGE = 64 * KiB;
const USUAL_CAPACITY = 4 * MiB;

/** Reads `range` into the pieces, one behind the other; together they are as long as the range. */
export type Fetch = (range: Range, pieces: readonly Uint8Array[]) => Promise<void>;

/**
 * Small reads out of whole pages; neighbours that are missing come in one request. The least recently used page goes
 * first. A page on its way belongs to all that want it: who loses interest stops waiting and does not stop the page.
 */
export class PageCache {
  readonly #size: number;
  readonly #fetch: Fetch;
  /** Pages that are kept. */
  readonly #capacity: number;
  /** In order of use. */
  readonly #pages = new Map<number, Promise<Uint8Array>>();

  /** @param capacity bytes that are kept */
  constructor(size: number, fetch: Fetch, capacity = USUAL_CAPACITY) {
    this.#size = size;
    this.#fetch = fetch;
    this.#capacity = capacity / PAGE;
  }

  /** The caller has checked the range, which is not empty. */
  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    const first = Math.floor(offset / PAGE);
    const last = Math.floor((offset + into.length - 1) / PAGE);
    this.#fetchMissing(first, last);
    const wanted: Promise<Uint8Array>[] = [];
    for (let index = first; index <= last; index++) wanted.push(this.#use(index));
    this.#evict();
    const pages = await unlessAborted(Promise.all(wanted), signal);
    let done = 0;
    for (const [turn, page] of pages.entries()) {
      const from = turn === 0 ? offset - first * PAGE : 0;
      const part = page.subarray(from, from + into.length - done);
      into.set(part, done);
      done += part.length;
    }
  }

  #fetchMissing(first: number, last: number): void {
    for (let index = first; index <= last; index++) {
      let end = index;
      while (end <= last && !this.#pages.has(end)) end++;
      if (end > index) this.#fetchRun(index, end);
      index = end;
    }
  }

  #fetchRun(first: number, end: number): void {
    const offset = first * PAGE;
    const length = Math.min(end * PAGE, this.#size) - offset;
    const buffers: Uint8Array[] = [];
    for (let at = 0; at < length; at += PAGE) buffers.push(new Uint8Array(Math.min(PAGE, length - at)));
    const arrival = this.#fetch({ offset, length }, buffers);
    for (const [turn, buffer] of buffers.entries()) {
      const page = arrival.then(() => buffer);
      this.#pages.set(first + turn, page);
      page.catch(() => {
        if (this.#pages.get(first + turn) === page) this.#pages.delete(first + turn);
      });
    }
  }

  /** The page, made the most recently used. It is there: `#fetchMissing` has just seen to it. */
  #use(index: number): Promise<Uint8Array> {
    const page = this.#pages.get(index) as Promise<Uint8Array>;
    this.#pages.delete(index);
    this.#pages.set(index, page);
    return page;
  }

  #evict(): void {
    for (const index of this.#pages.keys()) {
      if (this.#pages.size <= this.#capacity) return;
      this.#pages.delete(index);
    }
  }
}
