import { DiskferryError } from '../../base/errors.ts';
import { u32le } from '../../base/endian.ts';
import { SECTOR } from '../../base/align.ts';
import { tableCount, type SparseLayout } from './sparse-layout.ts';

/**
 * What a stream was seen to hold, to be compared with what its tables say: a bit for each grain and a sum for each
 * table. 36 MiB at most, and only where grains are.
 */
export class GrainLedger {
  readonly #layout: SparseLayout;
  readonly #grains: number;
  readonly #pages = new Map<number, LedgerPage>();

  /** @throws DiskferryError `image-limit` for a disk of more than 2^28 grains (16 TiB of 64 KiB) */
  constructor(layout: SparseLayout) {
    this.#layout = layout;
    this.#grains = Math.ceil(layout.capacity / layout.grain);
    if (this.#grains <= GRAIN_LIMIT) return;
    throw new DiskferryError('image-limit', `VMDK: ${this.#grains} grains in a stream (${GRAIN_LIMIT})`, {
      offset: 12,
    });
  }

  /**
   * Notes that the grain for sector `lba` of the disk was found at `at` in the file.
   * @returns where the grain belongs on the disk, in bytes
   * @throws DiskferryError `image-damaged` where it belongs nowhere, or was there already
   */
  note(lba: number, at: number): number {
    const grainSectors = this.#layout.grain / SECTOR;
    const index = lba / grainSectors;
    if (!Number.isInteger(index)) throw damaged(`is for sector ${lba}, not a multiple of ${grainSectors}`, at);
    if (index >= this.#grains) throw damaged(`is for sector ${lba}, behind the disk's end`, at);
    const table = Math.floor(index / this.#layout.tableEntries);
    const page = this.#page(table);
    const slot = index % (TABLES_PER_PAGE * this.#layout.tableEntries);
    const bit = 1 << (slot & 7);
    const byte = page.seen[slot >> 3] ?? 0;
    if ((byte & bit) !== 0) throw damaged(`is for sector ${lba}, which came before`, at);
    page.seen[slot >> 3] = byte | bit;
    const sum = page.sums[table % TABLES_PER_PAGE] ?? 0;
    page.sums[table % TABLES_PER_PAGE] = (sum + mixed(index % this.#layout.tableEntries, at / SECTOR)) | 0;
    return index * this.#layout.grain;
  }

  /** The first table whose sum is not the one that `sumOf` gives; undefined where all agree. */
  firstDifference(sumOf: (table: number) => number): number | undefined {
    const tables = tableCount(this.#layout);
    for (let table = 0; table < tables; table++) {
      const page = this.#pages.get(Math.floor(table / TABLES_PER_PAGE));
      if ((page?.sums[table % TABLES_PER_PAGE] ?? 0) !== sumOf(table)) return table;
    }
    return undefined;
  }

  #page(table: number): LedgerPage {
    const number = Math.floor(table / TABLES_PER_PAGE);
    let page = this.#pages.get(number);
    if (!page) {
      const seen = new Uint8Array((TABLES_PER_PAGE * this.#layout.tableEntries) / 8);
      page = { seen, sums: new Int32Array(TABLES_PER_PAGE) };
      this.#pages.set(number, page);
    }
    return page;
  }
}

interface LedgerPage {
  readonly seen: Uint8Array;
  readonly sums: Int32Array;
}

const GRAIN_LIMIT = 2 ** 28;
const TABLES_PER_PAGE = 1024;

/** The sum over a grain table that `GrainLedger` forms over the grains: which grain lies in which sector. */
export function tableSum(table: Uint8Array, zeroGrains: boolean): number {
  let sum = 0;
  for (let slot = 0; slot < table.length / 4; slot++) {
    const sector = u32le(table, slot * 4);
    if (sector !== 0 && !(sector === 1 && zeroGrains)) sum = (sum + mixed(slot, sector)) | 0;
  }
  return sum;
}

/** An accident is caught with all but one chance in 2^32; against intent the bytes have their own digest. */
function mixed(slot: number, sector: number): number {
  const word = Math.imul(sector ^ Math.imul(slot + 1, 0x85ebca6b), 0x9e3779b1);
  return Math.imul(word ^ (word >>> 15), 0xc2b2ae35) ^ slot;
}

function damaged(what: string, offset: number): DiskferryError {
  return new DiskferryError('image-damaged', `VMDK: the grain at ${offset} ${what}`, { offset });
}
