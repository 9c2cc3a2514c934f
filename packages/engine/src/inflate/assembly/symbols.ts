import { DISTANCE_SYMBOLS_AT, LITLEN_SYMBOLS_AT, PRECODE_SYMBOLS_AT } from './layout';

/**
 * An entry of a decode table says all about one symbol in 32 bits:
 *
 *     0-7    bits to consume: the code and the extra bits behind it (at most 15 + 13)
 *     8-12   2 and the bits of the code alone; of a pointer: bits that the second lookup takes
 *     13     END_OF_BLOCK
 *     14     POINTER
 *     15     SPECIAL: a pointer, the end of the block, or (neither of them) no symbol at all
 *     16-30  the literal, the base of the length or distance, or how far behind the table its second level begins
 *     31     LITERAL: the sign, for it is tested most
 *
 * Shifts take their count modulo 32 or 64, so an entry can be shifted by as it is; `count - entry` likewise is right in
 * its lowest byte. What reads entries (entries.ts) has the bits of the stream shifted left by two, so that the lowest of
 * them are the place of an entry of four bytes: hence the 2.
 */
export const LITERAL: u32 = 0x80000000;
export const SPECIAL: u32 = 0x8000;
export const POINTER: u32 = 0x4000;
export const END_OF_BLOCK: u32 = 0x2000;
/** One bit long: what is found behind a code that leaves bit patterns unused (only a code of one or no symbol may). */
export const NO_SYMBOL: u32 = SPECIAL | 1;
/** Added to the meaning of a symbol for each bit of its code: it counts as consumed, and as code. */
export const CODE_BIT: u32 = 0x101;

export const END_OF_BLOCK_SYMBOL: u32 = 256;
/** Symbols of a fixed block; the last two of each code stand for nothing (RFC 1951 section 3.2.6). */
export const LITLEN_SYMBOLS: u32 = 288;
export const DISTANCE_SYMBOLS: u32 = 32;
export const PRECODE_SYMBOLS: u32 = 19;

/** The meanings of all symbols without their codes: once for an instance. */
export function writeMeanings(): void {
  for (let literal: u32 = 0; literal < 256; literal++) meaning(LITLEN_SYMBOLS_AT, literal, LITERAL | (literal << 16));
  meaning(LITLEN_SYMBOLS_AT, END_OF_BLOCK_SYMBOL, SPECIAL | END_OF_BLOCK);
  writeLengths();
  writeDistances();
  for (let length: u32 = 0; length < 16; length++) meaning(PRECODE_SYMBOLS_AT, length, length << 16);
  // Repeats (RFC 1951 section 3.2.7): the base is the symbol here, code-lengths.ts knows the rest.
  meaning(PRECODE_SYMBOLS_AT, 16, (16 << 16) | 2);
  meaning(PRECODE_SYMBOLS_AT, 17, (17 << 16) | 3);
  meaning(PRECODE_SYMBOLS_AT, 18, (18 << 16) | 7);
}

/** RFC 1951 section 3.2.5, the first table: eight lengths without extra bits, then four each with one bit more. */
function writeLengths(): void {
  let base: u32 = 3;
  for (let index: u32 = 0; index < 28; index++) {
    const extra: u32 = index < 8 ? 0 : (index >> 2) - 1;
    meaning(LITLEN_SYMBOLS_AT, 257 + index, (base << 16) | extra);
    base += 1 << extra;
  }
  // 258 has a symbol of its own, although the one before reaches it too.
  meaning(LITLEN_SYMBOLS_AT, 285, 258 << 16);
  meaning(LITLEN_SYMBOLS_AT, 286, SPECIAL);
  meaning(LITLEN_SYMBOLS_AT, 287, SPECIAL);
}

/** RFC 1951 section 3.2.5, the second table: four distances without extra bits, then two each with one bit more. */
function writeDistances(): void {
  let base: u32 = 1;
  for (let index: u32 = 0; index < 30; index++) {
    const extra: u32 = index < 4 ? 0 : (index >> 1) - 1;
    meaning(DISTANCE_SYMBOLS_AT, index, (base << 16) | extra);
    base += 1 << extra;
  }
  meaning(DISTANCE_SYMBOLS_AT, 30, SPECIAL);
  meaning(DISTANCE_SYMBOLS_AT, 31, SPECIAL);
}

function meaning(symbols: usize, symbol: u32, value: u32): void {
  store<u32>(symbols + ((<usize>symbol) << 2), value & SPECIAL ? value : value | (2 << 8));
}
