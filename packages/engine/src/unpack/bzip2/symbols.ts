import { GROUP_SIZE, type BlockHeader } from './block-header.ts';
import { LONGEST_CODE, QUICK_BITS, type HuffmanTable } from './huffman.ts';
import type { PackedBits } from './packed-bits.ts';

/**
 * Decodes the symbols of a block into `sorted`: Huffman code, then runs of zeros in base 2 (symbols 0 and 1), then
 * move-to-front. Gives the number of bytes. `sorted` has the block size that the stream header declares, and no symbol
 * may go beyond it.
 */
export function decodeSymbols(bits: PackedBits, header: BlockHeader, sorted: Uint32Array): number {
  const endOfBlock = header.alphabet.length + 1;
  const front = header.alphabet.slice();
  const limit = sorted.length;
  let [length, run, weight] = [0, 0, 1];
  for (const selector of header.selectors) {
    const table = header.tables[selector] as HuffmanTable;
    for (let left = GROUP_SIZE; left > 0; left--) {
      const symbol = nextSymbol(bits, table);
      if (symbol <= 1) {
        run += weight << symbol;
        weight = weight < 1 << 21 ? weight << 1 : weight;
        continue;
      }
      if (run > 0) {
        if (run > limit - length) throw bits.fault('a run in a bzip2 block goes beyond the block size');
        sorted.fill(front[0] as number, length, length + run);
        length += run;
        run = 0;
        weight = 1;
      }
      if (symbol === endOfBlock) return ended(bits, length);
      if (length >= limit) throw bits.fault('a bzip2 block is longer than its block size');
      sorted[length++] = toFront(front, symbol - 1);
    }
    bits.checkWithin('a bzip2 block');
  }
  throw bits.fault('a bzip2 block has more symbols than its selectors allow');
}

function ended(bits: PackedBits, length: number): number {
  bits.checkWithin('a bzip2 block');
  return length;
}

function nextSymbol(bits: PackedBits, table: HuffmanTable): number {
  const bytes = bits.bytes;
  const at = bits.place >>> 3;
  const word =
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number);
  const value = (word << (bits.place & 7)) >>> (32 - LONGEST_CODE);
  const quick = table.quick[value >>> (LONGEST_CODE - QUICK_BITS)] as number;
  if (quick === 0) return longSymbol(bits, table, value);
  bits.place += quick & 31;
  return quick >>> 5;
}

function longSymbol(bits: PackedBits, table: HuffmanTable, value: number): number {
  for (let length = 1; length <= table.longest; length++) {
    if (value >= (table.limits[length] as number)) continue;
    bits.place += length;
    return table.symbols[(value >>> (LONGEST_CODE - length)) + (table.offsets[length] as number)] as number;
  }
  throw bits.fault('a code that its bzip2 table does not have');
}

function toFront(front: Uint8Array, place: number): number {
  const value = front[place] as number;
  if (place < 16) {
    for (let at = place; at > 0; at--) front[at] = front[at - 1] as number;
  } else {
    front.copyWithin(1, 0, place);
  }
  front[0] = value;
  return value;
}
