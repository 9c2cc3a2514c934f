import { SECTOR } from '../../base/align.ts';
import { endOf, overlap, type Bytes, type Range } from '../../base/bytes.ts';
import { u32le } from '../../base/endian.ts';
import { clipped } from '../fetch-plan.ts';
import type { Extent } from '../image.ts';
import { GrainTables, type Table, type TablePages } from './grain-tables.ts';
import { windowsAhead } from './windows-ahead.ts';
import { PackedGrains } from './packed-grains.ts';
import { append, type Part } from './runs.ts';
import { faultOf, tableSpan, type SparseLayout } from './sparse-layout.ts';

/** Runs are passed on in lists of about this many. */
const LIST_LENGTH = 1024;

/** A sparse extent as part of a disk: walks its tables; where there is none it takes one step for the whole table. */
export class SparsePart implements Part {
  readonly length: number;
  readonly #file: Bytes;
  readonly #number: number;
  readonly #layout: SparseLayout;
  readonly #tables: GrainTables;
  readonly #packed: PackedGrains;

  /** @param length bytes of the disk that the descriptor gives to it; at most the capacity */
  constructor(
    stored: { readonly file: Bytes; readonly number: number },
    layout: SparseLayout,
    disk: { readonly length: number; readonly pages: TablePages; readonly name: string },
  ) {
    this.length = disk.length;
    this.#file = stored.file;
    this.#number = stored.number;
    this.#layout = layout;
    this.#tables = new GrainTables(stored.file, layout, disk);
    this.#packed = new PackedGrains(stored, layout, disk);
  }

  async *runs(within: Range, signal?: AbortSignal): AsyncIterable<readonly Extent[]> {
    const span = tableSpan(this.#layout);
    const tables = { from: Math.floor(within.offset / span), to: Math.ceil(endOf(within) / span) };
    let list: Extent[] = [];
    for await (const window of windowsAhead(this.#tables, tables, signal)) {
      const end = Math.min(tables.to, window.first + this.#tables.perWindow);
      for (let index = Math.max(tables.from, window.first); index < end; index++) {
        await this.#appendTable(list, { table: window.table(index), index, within }, signal);
        if (list.length < LIST_LENGTH) continue;
        yield list;
        list = [];
      }
    }
    yield list;
  }

  async #appendTable(list: Extent[], ask: TableAsk, signal?: AbortSignal): Promise<void> {
    const span = tableSpan(this.#layout);
    const part = overlap({ offset: ask.index * span, length: span }, ask.within);
    if (!part) return;
    if (typeof ask.table === 'string') return append(list, { kind: ask.table, ...part });
    const grains = { table: ask.table, base: ask.index * span, within: part };
    if (this.#layout.packing === 'plain') this.#appendPlain(list, grains);
    else await this.#appendPacked(list, grains, signal);
  }

  #appendPlain(list: Extent[], grains: Grains): void {
    const { table, base, within } = grains;
    const { grain } = this.#layout;
    const end = Math.ceil((endOf(within) - base) / grain);
    for (let slot = Math.floor((within.offset - base) / grain); slot < end;) {
      const entry = u32le(table, slot * 4);
      const step = this.#isStored(entry) ? grain / SECTOR : 0;
      let count = 1;
      while (slot + count < end && u32le(table, (slot + count) * 4) === entry + count * step) count++;
      const range = { offset: base + slot * grain, length: count * grain };
      const run = clipped(this.#plainRun(entry, range), within);
      if (run) append(list, run);
      slot += count;
    }
  }

  #plainRun(entry: number, range: Range): Extent {
    if (entry === 0) return { kind: 'hole', ...range };
    if (!this.#isStored(entry)) return { kind: 'zero', ...range };
    const offset = entry * SECTOR;
    const length = Math.min(range.length, this.#layout.capacity - range.offset);
    const fault = faultOf({ offset, length }, 'a grain', { layout: this.#layout, fileSize: this.#file.size });
    if (fault) throw fault;
    return { kind: 'data', ...range, stored: { form: 'plain', file: this.#number, offset } };
  }

  async #appendPacked(list: Extent[], grains: Grains, signal?: AbortSignal): Promise<void> {
    const { table, base, within } = grains;
    const { grain, capacity } = this.#layout;
    const first = Math.floor((within.offset - base) / grain);
    const end = Math.ceil((endOf(within) - base) / grain);
    const sectors = this.#storedSectors(table);
    const lastSlot = capacity % grain === 0 ? -1 : Math.floor((capacity - base) / grain);
    const last = lastSlot >= first && lastSlot < end ? u32le(table, lastSlot * 4) : 0;
    await this.#packed.prepare(sectors, this.#isStored(last) ? last : undefined, signal);
    for (let slot = first; slot < end; slot++) {
      const entry = u32le(table, slot * 4);
      const range = { offset: base + slot * grain, length: grain };
      const run = this.#isStored(entry)
        ? ({ kind: 'data', ...range, stored: this.#packed.stored(entry, sectors, slot === lastSlot) } as const)
        : this.#plainRun(entry, range);
      const part = clipped(run, within);
      if (part) append(list, part);
    }
  }

  /** Where the grains of a table lie, ascending. */
  #storedSectors(table: Uint8Array): Uint32Array {
    const sectors = new Uint32Array(table.length / 4);
    let count = 0;
    for (let at = 0; at < table.length; at += 4) {
      const entry = u32le(table, at);
      if (this.#isStored(entry)) sectors[count++] = entry;
    }
    const stored = sectors.subarray(0, count).toSorted();
    const fault =
      count > 0 && faultOf({ offset: (stored[0] ?? 0) * SECTOR, length: SECTOR }, 'a grain', this.#within());
    if (fault) throw fault;
    return stored;
  }

  #within(): { layout: SparseLayout; fileSize: number } {
    return { layout: this.#layout, fileSize: this.#file.size };
  }

  /** Entry 0 is nothing; entry 1 is zeros only where the header says so, otherwise it lies behind the header sector. */
  #isStored(entry: number): boolean {
    if (entry === 1 && this.#layout.zeroGrains) return false;
    return entry !== 0;
  }
}

interface TableAsk {
  readonly table: Table;
  readonly index: number;
  readonly within: Range;
}

interface Grains {
  readonly table: Uint8Array;
  /** Where the table begins on the disk. */
  readonly base: number;
  readonly within: Range;
}
