import { drop, giveBack, has, take } from './bits';
import {
  DISTANCE_ROOT,
  DISTANCE_SYMBOLS_AT,
  DISTANCE_TABLE_AT,
  LENGTHS_AT,
  LITLEN_ROOT,
  LITLEN_SYMBOLS_AT,
  LITLEN_TABLE_AT,
} from './layout';
import {
  BLOCK_HEADER,
  DYNAMIC,
  END,
  FIXED,
  LITLEN,
  refuse,
  regions,
  state,
  STORED,
  STORED_BYTES,
  STORED_LENGTH,
  SYMBOL_COUNTS,
} from './state';
import { BAD_BLOCK_KIND, BAD_STORED_LENGTH, FINISHED, GO_ON, NEEDS_INPUT, NEEDS_OUTPUT } from './status';
import { DISTANCE_SYMBOLS, LITLEN_SYMBOLS } from './symbols';
import { buildTable } from './tables';

/** What begins and ends a block, and stored blocks (RFC 1951 sections 3.2.3, 3.2.4). */

export function readBlockHeader(): u32 {
  if (!has(3)) return NEEDS_INPUT;
  state.final = take(1);
  state.blockKind = take(2);
  if (state.blockKind == STORED) state.mode = STORED_LENGTH;
  else if (state.blockKind == DYNAMIC) state.mode = SYMBOL_COUNTS;
  else if (state.blockKind == FIXED) {
    loadFixedTables();
    state.mode = LITLEN;
  } else return refuse(BAD_BLOCK_KIND);
  return GO_ON;
}

export function endBlock(): u32 {
  state.mode = state.final ? END : BLOCK_HEADER;
  return state.final ? FINISHED : GO_ON;
}

/** RFC 1951 section 3.2.6. The tables stay for the next fixed block, unless a dynamic one comes between. */
export function loadFixedTables(): void {
  if (regions.tables == FIXED) return;
  memory.fill(LENGTHS_AT, 8, 144);
  memory.fill(LENGTHS_AT + 144, 9, 112);
  memory.fill(LENGTHS_AT + 256, 7, 24);
  memory.fill(LENGTHS_AT + 280, 8, 8);
  memory.fill(LENGTHS_AT + LITLEN_SYMBOLS, 5, DISTANCE_SYMBOLS);
  const distanceLengths = LENGTHS_AT + LITLEN_SYMBOLS;
  buildTable(LITLEN_TABLE_AT, LITLEN_ROOT, LENGTHS_AT, LITLEN_SYMBOLS, LITLEN_SYMBOLS_AT, false);
  buildTable(DISTANCE_TABLE_AT, DISTANCE_ROOT, distanceLengths, DISTANCE_SYMBOLS, DISTANCE_SYMBOLS_AT, false);
  regions.tables = FIXED;
}

export function readStoredLength(): u32 {
  // Bits are taken in by whole bytes: what is left of the byte in turn is bitCount modulo 8. No harm in a second time.
  drop(state.bitCount & 7);
  if (!has(32)) return NEEDS_INPUT;
  const length = take(16);
  if (length != (take(16) ^ 0xffff)) return refuse(BAD_STORED_LENGTH);
  state.storedLeft = length;
  state.mode = STORED_BYTES;
  return GO_ON;
}

export function copyStoredBytes(): u32 {
  // LEN and NLEN took all bits of earlier runs, so that everything at hand goes back and no bit is left.
  giveBack();
  const input = regions.inputEnd - regions.input;
  const output = regions.outputEnd - regions.output;
  const count = min<usize>(state.storedLeft, min<usize>(input, output));
  memory.copy(regions.output, regions.input, count);
  regions.input += count;
  regions.output += count;
  state.storedLeft -= <u32>count;
  if (!state.storedLeft) return endBlock();
  return input <= output ? NEEDS_INPUT : NEEDS_OUTPUT;
}
