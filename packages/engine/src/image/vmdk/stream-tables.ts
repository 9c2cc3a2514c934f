import { isAligned, SECTOR } from '../../base/align.ts';
import type { Bytes } from '../../base/bytes.ts';
import { u32le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { tableSum, type GrainLedger } from './grain-ledger.ts';
import { GrainTables, tablePages } from './grain-tables.ts';
import { tableCount, type SparseLayout } from './sparse-layout.ts';

/**
 * The tables of a stream, which nobody needs for reading it in order, compared with the grains that went by: the ranged
 * way reads the same file by its tables, and both must give the same disk.
 */
export interface StreamTables {
  /**
   * @param endMark whether the stream had one
   * @throws DiskferryError where tables and grains differ: `image-truncated` without an end mark, else `image-damaged`
   */
  compare(ledger: GrainLedger, endMark: boolean): void;
}

/** Tables in front of the grains: read before the first one. Truncation shows as grains that never came. */
export async function tablesInFront(file: Bytes, layout: SparseLayout, signal?: AbortSignal): Promise<StreamTables> {
  const count = tableCount(layout);
  const sums = new Int32Array(count);
  const tables = new GrainTables(file, layout, { pages: tablePages(), name: 'front' });
  for (let index = 0; index < count;) {
    const end = Math.min(count, index + tables.perWindow);
    const window = await tables.window(index, end, signal);
    for (; index < end; index++) {
      const table = window.table(index);
      if (typeof table !== 'string') sums[index] = tableSum(table, layout.zeroGrains);
    }
  }
  return {
    compare(ledger, endMark) {
      const different = ledger.firstDifference((table) => sums[table] ?? 0);
      if (different === undefined) return;
      const code = endMark ? 'image-damaged' : 'image-truncated';
      throw new DiskferryError(code, absent(different), { offset: layout.directory + different * 4 });
    },
  };
}

/** Tables that pass by between and behind the grains, each behind its marker. */
export class PassingTables implements StreamTables {
  readonly #layout: SparseLayout;
  /** Sums of grain tables by the sector where they lie. */
  readonly #sums = new Map<number, number>();
  readonly #directories = new Map<number, Uint8Array>();
  #chosen: number | undefined;

  constructor(layout: SparseLayout) {
    this.#layout = layout;
  }

  noteTable(table: Uint8Array, at: number): void {
    this.#sums.set(at / SECTOR, tableSum(table, this.#layout.zeroGrains));
    if (this.#sums.size > 2 * tableCount(this.#layout)) throw damaged('more grain tables than the disk needs', at);
  }

  noteDirectory(directory: Uint8Array, at: number): void {
    this.#directories.set(at, new Uint8Array(directory));
    if (this.#directories.size > 2) throw damaged('a third grain directory', at);
  }

  /** What the footer says. */
  choose(directory: number): void {
    this.#chosen = directory;
  }

  compare(ledger: GrainLedger): void {
    const at = this.#chosen ?? 0;
    const directory = this.#directories.get(at);
    if (!directory || !isAligned(at, SECTOR)) throw damaged('no grain directory where the footer says', at);
    const different = ledger.firstDifference((table) => this.#sumOf(u32le(directory, table * 4), at + table * 4));
    if (different === undefined) return;
    throw new DiskferryError('image-damaged', absent(different), { offset: at + different * 4 });
  }

  #sumOf(sector: number, at: number): number {
    if (sector === 0 || (sector === 1 && this.#layout.zeroGrains)) return 0;
    const sum = this.#sums.get(sector);
    if (sum === undefined) throw damaged(`no grain table at ${sector * SECTOR}`, at);
    return sum;
  }
}

function absent(table: number): string {
  return `VMDK: the stream does not hold the grains that grain table ${table} lists`;
}

function damaged(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-damaged', `VMDK: ${message}`, { offset });
}
