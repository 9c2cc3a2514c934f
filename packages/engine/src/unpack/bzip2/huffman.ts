import type { PackedBits } from './packed-bits.ts';

export const LONGEST_CODE = 20;
/** Codes up to this length are found by one look into a table. */
export const QUICK_BITS = 10;

export interface HuffmanTable {
  /** By the next QUICK_BITS bits: symbol << 5 | length, or 0 where the code is longer. */
  readonly quick: Uint16Array;
  /** By length: the first 20-bit value that needs a longer code. */
  readonly limits: Int32Array;
  /** By length: what is added to a code to find its symbol's place in `symbols`. */
  readonly offsets: Int32Array;
  /** Symbols in the order of their codes. */
  readonly symbols: Uint16Array;
  readonly longest: number;
}

/** Reads the code lengths of one table: each as steps up or down from the one before. */
export function readLengths(bits: PackedBits, count: number): Uint8Array {
  const lengths = new Uint8Array(count);
  let length = bits.bits(5);
  for (let symbol = 0; symbol < count; symbol++) {
    while (checkLength(length, bits) && bits.bit() === 1) {
      length += bits.bit() === 1 ? -1 : 1;
      bits.checkWithin('the code lengths of a bzip2 block');
    }
    lengths[symbol] = length;
  }
  return lengths;
}

function checkLength(length: number, bits: PackedBits): boolean {
  if (length >= 1 && length <= LONGEST_CODE) return true;
  throw bits.fault(`a bzip2 code of ${length} bits; 1 to ${LONGEST_CODE} are allowed`);
}

/** The canonical code of these lengths; codes that it does not use are refused when they are met. */
export function buildTable(lengths: Uint8Array): HuffmanTable {
  const symbols = new Uint16Array(lengths.length);
  const limits = new Int32Array(LONGEST_CODE + 2);
  const offsets = new Int32Array(LONGEST_CODE + 2);
  const quick = new Uint16Array(1 << QUICK_BITS);
  let [code, place, longest] = [0, 0, 0];
  for (let length = 1; length <= LONGEST_CODE; length++) {
    code <<= 1;
    offsets[length] = place - code;
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      if (length <= QUICK_BITS) fillQuick(quick, { code, length, symbol });
      symbols[place++] = symbol;
      code += 1;
      longest = length;
    }
    limits[length] = code << (LONGEST_CODE - length);
  }
  return { quick, limits, offsets, symbols, longest };
}

function fillQuick(quick: Uint16Array, entry: { code: number; length: number; symbol: number }): void {
  const spare = QUICK_BITS - entry.length;
  quick.fill((entry.symbol << 5) | entry.length, entry.code << spare, (entry.code + 1) << spare);
}
