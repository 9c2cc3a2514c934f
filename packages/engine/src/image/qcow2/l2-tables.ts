import { KiB, MiB } from '../../base/align.ts';
import { endOf, readBytes, type Bytes, type Range } from '../../base/bytes.ts';
import { forEachBounded } from '../../base/settle.ts';
import type { L1Table } from './l1-table.ts';
import type { Layout } from './layout.ts';
import type { L2Table } from './table-extents.ts';

/** Tables kept in memory, in bytes. */
const CACHE_LIMIT = 16 * MiB;
/** Tables that are fetched ahead at once, in bytes: half the cache, so that they are still there when they are used. */
const AHEAD_LIMIT = 4 * MiB;
/** Bytes between two tables that are read and thrown away rather than asked for in two requests. */
const GAP_LIMIT = 64 * KiB;
const REQUEST_LIMIT = 2 * MiB;
/** Of which each is small: over a network it is the waiting that counts. */
const REQUESTS_AT_ONCE = 8;

/** The L2 tables of an image, read when they are needed and kept within a bound. Safe for readers side by side. */
export class L2Tables {
  readonly #file: Bytes;
  readonly #layout: Layout;
  readonly #l1: L1Table;
  /** By place in the L1 table; the one used longest ago comes first. */
  readonly #kept = new Map<number, L2Table>();

  constructor(file: Bytes, layout: Layout, l1: L1Table) {
    this.#file = file;
    this.#layout = layout;
    this.#l1 = l1;
  }

  /**
   * The table at `index` of the L1 table, undefined where there is none. Those up to `last` that are near are fetched
   * with it: the file may be far away.
   */
  async at(index: number, last: number, signal?: AbortSignal): Promise<L2Table | undefined> {
    const offset = this.#l1.offsets[index] ?? 0;
    if (offset === 0) return undefined;
    const kept = this.#kept.get(index);
    if (!kept) return this.#fetch(index, last, signal);
    this.#kept.delete(index);
    this.#kept.set(index, kept);
    return kept;
  }

  async #fetch(index: number, last: number, signal?: AbortSignal): Promise<L2Table | undefined> {
    const fetched = new Map<number, L2Table>();
    await forEachBounded(this.#requests(index, last), REQUESTS_AT_ONCE, async ({ range, indexes }) => {
      const bytes = await readBytes(this.#file, range, signal);
      for (const each of indexes) fetched.set(each, this.#table(each, bytes, range.offset));
    });
    for (const [each, table] of fetched) this.#kept.set(each, table);
    this.#forget();
    return fetched.get(index);
  }

  #requests(index: number, last: number): Request[] {
    const size = this.#layout.clusterSize;
    const wanted: { offset: number; index: number }[] = [];
    for (let each = index; each <= last && wanted.length * size < AHEAD_LIMIT; each++) {
      const offset = this.#l1.offsets[each] ?? 0;
      if (offset !== 0 && !this.#kept.has(each)) wanted.push({ offset, index: each });
    }
    return requestsFor(wanted, size);
  }

  /** A copy: the request's buffer holds gaps too. */
  #table(index: number, bytes: Uint8Array, from: number): L2Table {
    const offset = this.#l1.offsets[index] ?? 0;
    const content = bytes.slice(offset - from, offset - from + this.#layout.clusterSize);
    return { view: new DataView(content.buffer), offset, base: index * this.#layout.tableSpan };
  }

  #forget(): void {
    for (const index of this.#kept.keys()) {
      if (this.#kept.size * this.#layout.clusterSize <= CACHE_LIMIT) return;
      this.#kept.delete(index);
    }
  }
}

interface Request {
  readonly range: Range;
  readonly indexes: readonly number[];
}

function requestsFor(wanted: readonly { offset: number; index: number }[], size: number): Request[] {
  const requests: { range: Range; indexes: number[] }[] = [];
  for (const { offset, index } of wanted.toSorted((a, b) => a.offset - b.offset)) {
    const last = requests.at(-1);
    const end = offset + size;
    if (last && offset - endOf(last.range) <= GAP_LIMIT && end - last.range.offset <= REQUEST_LIMIT) {
      last.range = { offset: last.range.offset, length: end - last.range.offset };
      last.indexes.push(index);
    } else requests.push({ range: { offset, length: size }, indexes: [index] });
  }
  return requests;
}
