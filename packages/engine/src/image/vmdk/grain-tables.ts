import { alignUp, KiB, MiB, SECTOR } from '../../base/align.ts';
import { readBytes, type Bytes } from '../../base/bytes.ts';
import { u32le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { forEachBounded } from '../../base/settle.ts';
import { isZero } from '../../base/zero.ts';
import { PageCache } from './page-cache.ts';
import { readData, Scratch } from './scratch.ts';
import { WindowPage } from './window-page.ts';
import { faultOf, tableCount, type SparseLayout } from './sparse-layout.ts';

/**
 * The grain tables of one sparse extent, read when they are asked for and kept in windows of up to 2 MiB. Where tables
 * lie side by side (qemu-img and VMware write them so in sparse disks) a window comes in one request; where each lies
 * behind its grains (streams) only those that are wanted are read, several at once.
 */
export type TablePages = PageCache<{ readonly bytes: number }>;

/** What a directory entry leads to: a table, nothing at all (no table or an empty one), or zeros throughout. */
export type Table = Uint8Array | 'hole' | 'zero';

export interface TableWindow {
  /** Index of the first table. */
  readonly first: number;
  table(index: number): Table;
}

interface Page {
  readonly bytes: number;
  readonly content: Uint8Array;
}

const WINDOW_BYTES = 2 * MiB;
const DIRECTORY_PAGE_BYTES = 256 * KiB;
/** Like the joined requests for data: over a network a request costs more than a small gap. */
const GAP_LIMIT = 32 * KiB;
const REQUEST_LIMIT = 2 * MiB;
const REQUESTS_AT_ONCE = 6;

/** The cache for all extents of a disk. */
export function tablePages(): TablePages {
  return new PageCache(24 * MiB);
}

interface Place {
  readonly index: number;
  readonly offset: number;
}

export class GrainTables {
  readonly #file: Bytes;
  readonly #layout: SparseLayout;
  readonly #pages: TablePages;
  readonly #name: string;
  readonly #count: number;
  readonly #scratch = new Scratch();
  /** Tables of a window. */
  readonly perWindow: number;

  /** @param name tells this extent's pages from those of others in the same cache */
  constructor(file: Bytes, layout: SparseLayout, cache: { pages: TablePages; name: string }) {
    this.#file = file;
    this.#layout = layout;
    this.#pages = cache.pages;
    this.#name = cache.name;
    this.#count = tableCount(layout);
    this.perWindow = WINDOW_BYTES / (layout.tableEntries * 4);
  }

  /** The window of table `from`, with the tables from there up to `to` (or the end of the window) read. */
  async window(from: number, to: number, signal?: AbortSignal): Promise<TableWindow> {
    signal?.throwIfAborted();
    const first = from - (from % this.perWindow);
    const count = Math.min(this.perWindow, this.#count - first);
    const entries = await this.#entries(first, count, signal);
    const key = `${this.#name}/window/${first}`;
    const known = this.#pages.get(key) as WindowPage | undefined;
    const page = known ?? new WindowPage(this.#layout.tableEntries * 4, isZero(entries) ? 0 : count);
    if (!known) this.#pages.add(key, page);
    await this.#load({ page, entries, first, from: from - first, to: Math.min(to - first, count) }, signal);
    return { first, table: (index) => this.#table(page, entries, index - first) };
  }

  #table(page: WindowPage, entries: Uint8Array, slot: number): Table {
    const sector = u32le(entries, slot * 4);
    if (sector === 0) return 'hole';
    if (sector === 1 && this.#layout.zeroGrains) return 'zero';
    return page.table(slot) ?? 'hole';
  }

  /** Directory entries `first` to `first + count`. A window never crosses a directory page. */
  async #entries(first: number, count: number, signal?: AbortSignal): Promise<Uint8Array> {
    const perPage = DIRECTORY_PAGE_BYTES / 4;
    const pageFirst = first - (first % perPage);
    const key = `${this.#name}/directory/${pageFirst}`;
    let page = this.#pages.get(key) as Page | undefined;
    if (!page) {
      const range = {
        offset: this.#layout.directory + pageFirst * 4,
        length: Math.min(perPage, this.#count - pageFirst) * 4,
      };
      const end = range.offset + range.length;
      if (end > this.#file.size) {
        const message = `VMDK: the grain directory ends at ${end}, the file at ${this.#file.size}`;
        throw new DiskferryError('image-truncated', message, { offset: range.offset });
      }
      const content = await readBytes(this.#file, range, signal);
      page = { bytes: content.length, content };
      this.#pages.add(key, page);
    }
    const begin = (first - pageFirst) * 4;
    return page.content.subarray(begin, begin + count * 4);
  }

  async #load(ask: LoadAsk, signal?: AbortSignal): Promise<void> {
    const requests = joined(this.#missing(ask), this.#layout.tableEntries * 4);
    const wanted = requests.filter((places) => places.some(({ index }) => index >= ask.from && index < ask.to));
    await forEachBounded(wanted, REQUESTS_AT_ONCE, (places) => this.#read(ask, places, signal));
  }

  /** Tables that are not there yet, in file order: those that are wanted, and neighbours that may come along. */
  #missing(ask: LoadAsk): Place[] {
    const places: Place[] = [];
    if (this.#complete(ask)) return places;
    const within = { layout: this.#layout, fileSize: this.#file.size };
    for (let index = 0; index < ask.entries.length / 4; index++) {
      if (!this.#isAbsent(ask, index)) continue;
      const range = { offset: u32le(ask.entries, index * 4) * SECTOR, length: this.#tableBytes(ask.first + index) };
      const fault = faultOf(range, 'a grain table', within);
      if (fault && index >= ask.from && index < ask.to) throw fault;
      if (!fault) places.push({ index, offset: range.offset });
    }
    return places.toSorted((a, b) => a.offset - b.offset);
  }

  #complete(ask: LoadAsk): boolean {
    for (let index = ask.from; index < ask.to; index++) if (this.#isAbsent(ask, index)) return false;
    return true;
  }

  #isAbsent(ask: LoadAsk, index: number): boolean {
    const sector = u32le(ask.entries, index * 4);
    return sector !== 0 && !(sector === 1 && this.#layout.zeroGrains) && !ask.page.has(index);
  }

  async #read(ask: LoadAsk, places: readonly Place[], signal?: AbortSignal): Promise<void> {
    const begin = places[0]?.offset ?? 0;
    const end = Math.max(...places.map((place) => place.offset + this.#tableBytes(ask.first + place.index)));
    const scratch = this.#scratch.take(end - begin);
    try {
      const content = scratch.subarray(0, end - begin);
      await readData(this.#file, begin, content, signal);
      for (const { index, offset } of places) {
        const at = offset - begin;
        ask.page.put(index, content.subarray(at, at + this.#tableBytes(ask.first + index)));
      }
    } finally {
      this.#scratch.giveBack(scratch);
    }
  }

  /** Only what the capacity needs of the last table: it may be the last thing in the file. */
  #tableBytes(index: number): number {
    const { capacity, grain, tableEntries } = this.#layout;
    const grains = Math.ceil(capacity / grain) - index * tableEntries;
    return Math.min(tableEntries * 4, alignUp(grains * 4, SECTOR));
  }
}

interface LoadAsk {
  readonly page: WindowPage;
  readonly entries: Uint8Array;
  readonly first: number;
  /** Slots of the window. */
  readonly from: number;
  readonly to: number;
}

/** Places in file order, cut into requests. */
function joined(places: readonly Place[], tableBytes: number): Place[][] {
  const requests: Place[][] = [];
  for (const place of places) {
    const last = requests.at(-1);
    const begin = last?.[0]?.offset ?? 0;
    const end = (last?.at(-1)?.offset ?? 0) + tableBytes;
    if (last && place.offset - end <= GAP_LIMIT && place.offset + tableBytes - begin <= REQUEST_LIMIT) last.push(place);
    else requests.push([place]);
  }
  return requests;
}
