import { MiB } from '../base/align.ts';
import type { Bytes, Range } from '../base/bytes.ts';

/**
 * A table of an image, read in pages as it is needed. A page is large because the file may lie behind a network, where
 * a request costs more than a MiB; few are kept, so that a table of GiBs (which a hostile image may have) costs no more
 * memory than a small one.
 */
const PAGE_SIZE = 1 * MiB;
const PAGES_KEPT = 16;

export interface TablePage {
  /** Where the page begins in the table, in bytes. */
  readonly offset: number;
  readonly bytes: Buffer;
  /** The same bytes, for words. */
  readonly view: DataView;
}

export class TablePages {
  readonly #file: Bytes;
  readonly #table: Range;
  readonly #kept = new Map<number, Promise<TablePage>>();

  /** @param table where the table lies; the caller has checked it against the size of the file */
  constructor(file: Bytes, table: Range) {
    this.#file = file;
    this.#table = table;
  }

  /** The page that holds byte `at` of the table. Entries never straddle pages: widths divide the size of a page. */
  async page(at: number, signal?: AbortSignal): Promise<TablePage> {
    signal?.throwIfAborted();
    const number = Math.floor(at / PAGE_SIZE);
    const known = this.#kept.get(number);
    if (!known) return this.#load(number, signal);
    this.#kept.delete(number);
    this.#kept.set(number, known);
    // Another reader began this load with its own signal: its abort must not end this one.
    return known.catch(() => this.#load(number, signal));
  }

  #load(number: number, signal?: AbortSignal): Promise<TablePage> {
    const loading = this.#read(number * PAGE_SIZE, signal);
    loading.catch(() => {
      if (this.#kept.get(number) === loading) this.#kept.delete(number);
    });
    this.#kept.set(number, loading);
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= PAGES_KEPT) break;
      this.#kept.delete(oldest);
    }
    return loading;
  }

  async #read(offset: number, signal?: AbortSignal): Promise<TablePage> {
    const bytes = Buffer.alloc(Math.min(PAGE_SIZE, this.#table.length - offset));
    await this.#file.read(this.#table.offset + offset, bytes, signal);
    return { offset, bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) };
  }
}
