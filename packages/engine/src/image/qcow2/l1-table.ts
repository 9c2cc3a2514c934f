import { isAligned, MiB } from '../../base/align.ts';
import { endOf, readBytes, type Bytes, type Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Layout } from './layout.ts';

/** Where the L2 tables lie. */
export interface L1Table {
  /** By index: the offset of the L2 table in the file, 0 where there is none. */
  readonly offsets: Float64Array;
  /** The L2 tables in the order of the file. */
  readonly inFileOrder: Float64Array;
}

const PIECE = 1 * MiB;

/** Reads the part of the L1 table that describes the disk. Its size was bounded with the header. */
export async function readL1(file: Bytes, layout: Layout, signal?: AbortSignal): Promise<L1Table> {
  const offsets = new Float64Array(layout.l1.length / 8);
  for (let at = 0; at < layout.l1.length; at += PIECE) {
    const length = Math.min(PIECE, layout.l1.length - at);
    const words = await readBytes(file, { offset: layout.l1.offset + at, length }, signal);
    decodeL1({ words, at }, offsets, layout);
  }
  return checkedL1(offsets, layout, file.size);
}

/** The table from its bytes, for one pass. */
export function parseL1(words: Uint8Array, layout: Layout, fileSize: number): L1Table {
  const offsets = new Float64Array(words.length / 8);
  decodeL1({ words, at: 0 }, offsets, layout);
  return checkedL1(offsets, layout, fileSize);
}

function decodeL1(piece: { words: Uint8Array; at: number }, offsets: Float64Array, layout: Layout): void {
  const { words, at } = piece;
  const view = new DataView(words.buffer, words.byteOffset, words.length);
  for (let byte = 0; byte < words.length; byte += 8) {
    offsets[(at + byte) / 8] = l2Offset(view, byte, layout.l1.offset + at + byte);
  }
}

/** "L1 table entry": bits 9 to 55 are the offset, bit 63 tells about reference counts. Exact in halves: see l2-entry. */
function l2Offset(view: DataView, byte: number, at: number): number {
  const high = view.getUint32(byte);
  const low = view.getUint32(byte + 4);
  if (high === 0 && low === 0) return 0;
  if ((high & 0x7f000000) !== 0 || (low & 0x1ff) !== 0) {
    throw new DiskferryError('image-damaged', 'reserved bits are set in an L1 entry', { offset: at });
  }
  return (high & 0xffffff) * 2 ** 32 + low;
}

/** @throws DiskferryError `image-damaged` for tables out of place or shared, `image-truncated` behind the file's end */
function checkedL1(offsets: Float64Array, layout: Layout, fileSize: number): L1Table {
  const size = layout.clusterSize;
  for (let index = 0; index < offsets.length; index++) {
    const offset = offsets[index] ?? 0;
    if (offset === 0) continue;
    const at = layout.l1.offset + index * 8;
    if (!isAligned(offset, size)) throw damaged(`L2 table at ${offset}, not aligned to ${size}`, at);
    if (offset + size > fileSize) throw truncated(`an L2 table reaches ${offset + size}`, fileSize, at);
    if (meets({ offset, length: size }, layout.l1)) throw damaged(`L2 table at ${offset}, over the L1 table`, at);
  }
  const inFileOrder = offsets.filter((offset) => offset !== 0).toSorted();
  const twice = inFileOrder.find((offset, index) => offset === inFileOrder[index + 1]);
  if (twice === undefined) return { offsets, inFileOrder };
  throw damaged(`the L2 table at ${twice} is named twice`, layout.l1.offset + offsets.indexOf(twice) * 8);
}

/**
 * Refuses data that is said to lie over the L1 table or an L2 table: such an image contradicts itself.
 * @param at place of the word that says so
 */
export function refuseOverlap(stored: Range, l1: L1Table, layout: Layout, at: number): void {
  const next = l1.inFileOrder[firstAfter(l1.inFileOrder, stored.offset - layout.clusterSize)];
  if (meets(stored, layout.l1)) throw damaged(`data at ${stored.offset}, over the L1 table`, at);
  if (next !== undefined && next < endOf(stored)) throw damaged(`data at ${stored.offset}, over an L2 table`, at);
}

/** Index of the first value above `limit` in an ascending list. */
function firstAfter(ascending: Float64Array, limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

function meets(a: Range, b: Range): boolean {
  return a.offset < endOf(b) && b.offset < endOf(a);
}

function truncated(what: string, fileSize: number, offset: number): DiskferryError {
  return new DiskferryError('image-truncated', `${what}, the file ends at ${fileSize}`, { offset });
}

function damaged(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-damaged', message, { offset });
}
