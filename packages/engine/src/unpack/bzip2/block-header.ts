import { buildTable, readLengths, type HuffmanTable } from './huffman.ts';
import type { PackedBits } from './packed-bits.ts';

/** Symbols after which another table may be chosen. */
export const GROUP_SIZE = 50;

export interface BlockHeader {
  readonly crc: number;
  readonly randomised: boolean;
  /** Where in the sorted block its first byte stands. */
  readonly origin: number;
  /** The byte values that occur, ascending. */
  readonly alphabet: Uint8Array;
  /** Which table decodes each group of symbols. */
  readonly selectors: Uint8Array;
  readonly tables: readonly HuffmanTable[];
}

/** Reads what stands between the magic of a block and its symbols. */
export function readBlockHeader(bits: PackedBits): BlockHeader {
  const crc = readWord(bits);
  const randomised = bits.bit() === 1;
  const origin = bits.bits(24);
  const alphabet = readAlphabet(bits);
  const tableCount = bits.bits(3);
  if (tableCount < 2 || tableCount > 6) throw bits.fault(`a bzip2 block with ${tableCount} tables; 2 to 6 are allowed`);
  const selectors = readSelectors(bits, tableCount);
  const tables = Array.from({ length: tableCount }, () => buildTable(readLengths(bits, alphabet.length + 2)));
  bits.checkWithin('the header of a bzip2 block');
  return { crc, randomised, origin, alphabet, selectors, tables };
}

export function readWord(bits: PackedBits): number {
  return ((bits.bits(16) << 16) | bits.bits(16)) >>> 0;
}

function readAlphabet(bits: PackedBits): Uint8Array {
  const rows = bits.bits(16);
  const values: number[] = [];
  for (let row = 0; row < 16; row++) {
    if ((rows & (0x8000 >>> row)) === 0) continue;
    const columns = bits.bits(16);
    for (let column = 0; column < 16; column++) {
      if ((columns & (0x8000 >>> column)) !== 0) values.push(row * 16 + column);
    }
  }
  if (values.length === 0) throw bits.fault('a bzip2 block in which no byte value occurs');
  return Uint8Array.from(values);
}

function readSelectors(bits: PackedBits, tableCount: number): Uint8Array {
  const count = bits.bits(15);
  if (count === 0) throw bits.fault('a bzip2 block without selectors');
  const order = Array.from({ length: tableCount }, (_, table) => table);
  const selectors = new Uint8Array(count);
  for (let group = 0; group < count; group++) {
    let steps = 0;
    while (steps < tableCount && bits.bit() === 1) steps += 1;
    if (steps >= tableCount) throw bits.fault(`a bzip2 selector ${steps} with ${tableCount} tables`);
    const [table = 0] = order.splice(steps, 1);
    order.unshift(table);
    selectors[group] = table;
  }
  return selectors;
}
