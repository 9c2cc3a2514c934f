import { endOf, type Range } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import type { Extent } from './image.ts';
import type { TablePages } from './table-pages.ts';

/**
 * Images that cut the disk into blocks of one size and keep one table of where each block is stored (VHD, VHDX, VDI).
 * A format says what an entry means; walking the table, joining neighbours and clipping is done here.
 */
export interface BlockMap {
  readonly diskSize: number;
  readonly blockSize: number;
  readonly table: TablePages;
  /** Where in the table the entry of a block stands, in bytes; grows with the number of the block. */
  entryAt(block: number): number;
  /**
   * What the entry at `at` of a page says: the offset in the file where the block's data begins, HOLE or ZERO.
   * Must refuse what leaves the file or lies over other structures.
   */
  place(page: DataView, at: number, block: number): number;
}

/** A block that was never written. */
export const HOLE = -1;
/** A block that is written down as zeros. */
export const ZERO = -2;

/** The extents of `within`: a run of blocks that are neighbours on the disk and in the file is one. */
export async function* blockExtents(map: BlockMap, within: Range, signal?: AbortSignal): AsyncIterable<Extent> {
  let run: Run | undefined;
  const last = Math.ceil(endOf(within) / map.blockSize);
  for (let block = Math.floor(within.offset / map.blockSize); block < last;) {
    const page = await map.table.page(map.entryAt(block), signal);
    for (; block < last; block++) {
      const at = map.entryAt(block) - page.offset;
      if (at >= page.view.byteLength) break;
      const place = map.place(page.view, at, block);
      if (run?.continues(place)) continue;
      if (run) yield run.extent(block, within);
      run = new Run(map.blockSize, block, place);
    }
  }
  if (run && within.length > 0) yield run.extent(last, within);
}

class Run {
  readonly #blockSize: number;
  readonly #first: number;
  readonly #place: number;
  #next: number;

  constructor(blockSize: number, first: number, place: number) {
    this.#blockSize = blockSize;
    this.#first = first;
    this.#place = place;
    this.#next = place < 0 ? place : place + blockSize;
  }

  continues(place: number): boolean {
    if (place !== this.#next) return false;
    if (place >= 0) this.#next += this.#blockSize;
    return true;
  }

  /** The run up to block `end`, clipped. */
  extent(end: number, within: Range): Extent {
    const begin = this.#first * this.#blockSize;
    const offset = Math.max(begin, within.offset);
    const length = Math.min(end * this.#blockSize, endOf(within)) - offset;
    if (this.#place === HOLE) return { kind: 'hole', offset, length };
    if (this.#place === ZERO) return { kind: 'zero', offset, length };
    return { kind: 'data', offset, length, stored: { form: 'plain', file: 0, offset: this.#place + offset - begin } };
  }
}

/** Bytes of a block that belong to the disk: the last block may reach behind its end. */
export function usedLength(map: { readonly diskSize: number; readonly blockSize: number }, block: number): number {
  return Math.min(map.blockSize, map.diskSize - block * map.blockSize);
}

/** Tables of more blocks than this are checked entry by entry as they are used, not beforehand. */
const CHECKED_BEFOREHAND = 1 << 20;

/**
 * Looks at every entry, so that a cut or damaged image is refused before anything is written to a target. Also finds
 * what single entries cannot show: two blocks at one place.
 * @param stride bytes that a stored block takes with what belongs to it
 */
export async function checkBlocks(map: BlockMap, stride: number, signal?: AbortSignal): Promise<void> {
  const count = Math.ceil(map.diskSize / map.blockSize);
  if (count > CHECKED_BEFOREHAND) return;
  const places: number[] = [];
  for (let block = 0; block < count;) {
    const page = await map.table.page(map.entryAt(block), signal);
    for (; block < count; block++) {
      const at = map.entryAt(block) - page.offset;
      if (at >= page.view.byteLength) break;
      const place = map.place(page.view, at, block);
      if (place >= 0) places.push(place);
    }
  }
  refuseOverlaps(Float64Array.from(places).toSorted(), stride);
}

function refuseOverlaps(ascending: Float64Array, stride: number): void {
  let before = -Infinity;
  for (const place of ascending) {
    if (place - before < stride) {
      const message = `two blocks of the disk are stored over each other, at ${before} and ${place} of the file`;
      throw new DiskferryError('image-damaged', message, { offset: place });
    }
    before = place;
  }
}
