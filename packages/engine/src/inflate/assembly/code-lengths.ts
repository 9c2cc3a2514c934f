import { drop, has, take } from './bits';
import { valueOf } from './entries';
import {
  DISTANCE_ROOT,
  DISTANCE_SYMBOLS_AT,
  DISTANCE_TABLE_AT,
  LENGTHS_AT,
  LITLEN_ROOT,
  LITLEN_SYMBOLS_AT,
  LITLEN_TABLE_AT,
  PRECODE_LENGTHS_AT,
  PRECODE_ROOT,
  PRECODE_SYMBOLS_AT,
  PRECODE_TABLE_AT,
} from './layout';
import { CODE_LENGTHS, DYNAMIC, LITLEN, PRECODE_LENGTHS, refuse, regions, state } from './state';
import {
  BAD_DISTANCE_CODE,
  BAD_LITLEN_CODE,
  BAD_PRECODE,
  BAD_REPEAT,
  BAD_SYMBOL_COUNTS,
  GO_ON,
  NEEDS_INPUT,
  NO_END_OF_BLOCK,
} from './status';
import { END_OF_BLOCK_SYMBOL, PRECODE_SYMBOLS } from './symbols';
import { buildTable } from './tables';

/** The head of a dynamic block (RFC 1951 section 3.2.7), in pieces between which the input may end. */

export const MAX_LITLEN_SYMBOLS: u32 = 286;
export const MAX_DISTANCE_SYMBOLS: u32 = 30;
const REPEAT_LAST: u32 = 16;
const REPEAT_ZERO_SHORT: u32 = 17;

/** The lengths of the code length code come in the order of their use: rare ones last, so that they can be left out. */
const ORDER: usize = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]);

export function readSymbolCounts(): u32 {
  if (!has(14)) return NEEDS_INPUT;
  state.litlenCount = take(5) + 257;
  state.distanceCount = take(5) + 1;
  state.precodeCount = take(4) + 4;
  if (state.litlenCount > MAX_LITLEN_SYMBOLS || state.distanceCount > MAX_DISTANCE_SYMBOLS) {
    return refuse(BAD_SYMBOL_COUNTS);
  }
  state.lengthsRead = 0;
  memory.fill(PRECODE_LENGTHS_AT, 0, PRECODE_SYMBOLS);
  state.mode = PRECODE_LENGTHS;
  return GO_ON;
}

export function readPrecodeLengths(): u32 {
  while (state.lengthsRead < state.precodeCount) {
    if (!has(3)) return NEEDS_INPUT;
    store<u8>(PRECODE_LENGTHS_AT + load<u8>(ORDER + state.lengthsRead), <u8>take(3));
    state.lengthsRead++;
  }
  if (!buildPrecode()) return refuse(BAD_PRECODE);
  state.lengthsRead = 0;
  state.mode = CODE_LENGTHS;
  return GO_ON;
}

export function buildPrecode(): bool {
  return buildTable(PRECODE_TABLE_AT, PRECODE_ROOT, PRECODE_LENGTHS_AT, PRECODE_SYMBOLS, PRECODE_SYMBOLS_AT, false);
}

/** The lengths of both codes as one sequence: a repeat may reach from the first into the second. */
export function readCodeLengths(): u32 {
  const total = state.litlenCount + state.distanceCount;
  while (state.lengthsRead < total) {
    // 14 bits are the longest element; where there are fewer, the element in turn may still be shorter.
    has(14);
    const entry = load<u32>(PRECODE_TABLE_AT + ((<usize>state.bits & 127) << 2));
    if ((entry & 0xff) > state.bitCount) return NEEDS_INPUT;
    const symbol = entry >> 16;
    const extra = valueOf(entry, state.bits << 2) - symbol;
    if (symbol < REPEAT_LAST) {
      store<u8>(LENGTHS_AT + state.lengthsRead, <u8>symbol);
      state.lengthsRead++;
    } else if (!repeat(symbol, extra, total)) return refuse(BAD_REPEAT);
    drop(entry & 0xff);
  }
  return buildBlockTables();
}

function repeat(symbol: u32, extra: u32, total: u32): bool {
  const at = LENGTHS_AT + state.lengthsRead;
  if (symbol == REPEAT_LAST && state.lengthsRead == 0) return false;
  const length: u8 = symbol == REPEAT_LAST ? load<u8>(at - 1) : 0;
  const count = extra + (symbol > REPEAT_ZERO_SHORT ? 11 : 3);
  if (state.lengthsRead + count > total) return false;
  memory.fill(at, length, count);
  state.lengthsRead += count;
  return true;
}

/** Both tables of a dynamic block. */
export function buildBlockTables(): u32 {
  if (!load<u8>(LENGTHS_AT + END_OF_BLOCK_SYMBOL)) return refuse(NO_END_OF_BLOCK);
  const distanceLengths = LENGTHS_AT + state.litlenCount;
  regions.tables = DYNAMIC;
  if (!buildTable(LITLEN_TABLE_AT, LITLEN_ROOT, LENGTHS_AT, state.litlenCount, LITLEN_SYMBOLS_AT, true)) {
    return refuse(BAD_LITLEN_CODE);
  }
  if (!buildTable(DISTANCE_TABLE_AT, DISTANCE_ROOT, distanceLengths, state.distanceCount, DISTANCE_SYMBOLS_AT, true)) {
    return refuse(BAD_DISTANCE_CODE);
  }
  state.mode = LITLEN;
  return GO_ON;
}
