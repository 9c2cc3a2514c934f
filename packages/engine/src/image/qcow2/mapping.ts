import { endOf, overlap, type Bytes, type Range } from '../../base/bytes.ts';
import { clipped } from '../fetch-plan.ts';
import type { Extent } from '../image.ts';
import type { Head } from './head.ts';
import { JoinExtents } from './join-extents.ts';
import type { L1Table } from './l1-table.ts';
import { L2Tables } from './l2-tables.ts';
import { checkedExtent } from './stored.ts';
import { tableExtents } from './table-extents.ts';

/** The map of an image: L1 table, L2 tables, clusters. */
export class Qcow2Map {
  readonly #head: Head;
  readonly #l1: L1Table;
  readonly #tables: L2Tables;
  readonly #fileSize: number;

  constructor(file: Bytes, head: Head, l1: L1Table) {
    this.#head = head;
    this.#l1 = l1;
    this.#tables = new L2Tables(file, head.layout, l1);
    this.#fileSize = file.size;
  }

  /** See Image.extents. A part of the disk without an L2 table is one step, whatever its size. */
  async *extents(asked: Range, signal?: AbortSignal): AsyncGenerator<Extent> {
    signal?.throwIfAborted();
    const { tableSpan, diskSize } = this.#head.layout;
    const within = overlap(asked, { offset: 0, length: diskSize });
    if (!within) return;
    const join = new JoinExtents();
    const last = Math.floor((endOf(within) - 1) / tableSpan);
    for (let index = Math.floor(within.offset / tableSpan); index <= last;) {
      const next = this.#nextTable(index, last);
      const hole = clipped(holeBetween(index * tableSpan, next * tableSpan), within);
      const done = hole && join.add(hole);
      if (done) yield done;
      if (next > last) break;
      for (const extent of await this.#described(next, last, within, signal)) {
        const before = join.add(extent);
        if (before) yield before;
      }
      index = next + 1;
    }
    const end = join.end();
    if (end) yield end;
  }

  /** The first index from `index` on that has an L2 table, or one behind `last`. */
  #nextTable(index: number, last: number): number {
    let next = index;
    while (next <= last && this.#l1.offsets[next] === 0) next++;
    return next;
  }

  async #described(
    index: number,
    last: number,
    within: Range,
    signal: AbortSignal | undefined,
  ): Promise<Iterable<Extent>> {
    signal?.throwIfAborted();
    const table = await this.#tables.at(index, last, signal);
    return table ? this.#checked(table, within) : [];
  }

  *#checked(table: NonNullable<Awaited<ReturnType<L2Tables['at']>>>, within: Range): Generator<Extent> {
    const { layout } = this.#head;
    const bounds = { layout, l1: this.#l1, fileSize: this.#fileSize, tableOffset: table.offset };
    for (const extent of tableExtents(table, within, layout)) {
      const part = clipped(checkedExtent(extent, bounds), within);
      if (part) yield part;
    }
  }
}

function holeBetween(offset: number, end: number): Extent {
  return { kind: 'hole', offset, length: end - offset };
}
