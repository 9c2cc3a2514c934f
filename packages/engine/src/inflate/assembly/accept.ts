import { loadFixedTables } from './block';
import { buildBlockTables, buildPrecode, MAX_DISTANCE_SYMBOLS, MAX_LITLEN_SYMBOLS } from './code-lengths';
import { LENGTHS_AT, LENGTHS_SIZE, PRECODE_LENGTHS_AT } from './layout';
import {
  BLOCK_HEADER,
  CODE_LENGTHS,
  DISTANCE,
  DYNAMIC,
  END,
  FIXED,
  LITLEN,
  MATCH,
  PRECODE_LENGTHS,
  refuse,
  state,
  STORED,
  STORED_BYTES,
  STORED_LENGTH,
  SYMBOL_COUNTS,
} from './state';
import { BAD_STATE, GO_ON } from './status';
import { PRECODE_SYMBOLS } from './symbols';

/**
 * Takes on the state that the host has put in place, with `window` bytes of the output before it. What is not kept
 * (the decode tables) is built again. Every field is checked, for a checkpoint is a file that anyone may have written:
 * what is let pass can decode to nonsense, but it cannot lead out of the regions of a run.
 */
export function accept(window: u32): u32 {
  if (!lengthsAreLengths() || !bitsAreBits() || !placeIsSound(window)) return refuse(BAD_STATE);
  const mode = state.mode;
  if (mode == CODE_LENGTHS && !buildPrecode()) return refuse(BAD_STATE);
  if (mode == LITLEN || mode == DISTANCE || mode == MATCH) {
    if (state.blockKind == FIXED) loadFixedTables();
    else if (buildBlockTables() != GO_ON) return refuse(BAD_STATE);
  }
  // Building the tables is what leads to LITLEN elsewhere.
  state.mode = mode;
  return GO_ON;
}

/** The table builder counts by them. */
function lengthsAreLengths(): bool {
  for (let at: usize = 0; at < LENGTHS_SIZE; at++) if (load<u8>(LENGTHS_AT + at) > 15) return false;
  for (let at: usize = 0; at < PRECODE_SYMBOLS; at++) if (load<u8>(PRECODE_LENGTHS_AT + at) > 7) return false;
  return true;
}

/** An element that waits has fewer bits than the longest needs: 32 for LEN and NLEN. */
function bitsAreBits(): bool {
  return state.bitCount < 32 && !(state.bits >> <u64>state.bitCount);
}

function placeIsSound(window: u32): bool {
  if (state.fault || state.final > 1 || state.blockKind > DYNAMIC) return false;
  switch (state.mode) {
    case BLOCK_HEADER:
      return !state.final;
    case END:
      return state.final == 1;
    case STORED_LENGTH:
      return state.blockKind == STORED;
    case STORED_BYTES:
      return state.blockKind == STORED && !state.bitCount && isWithin(state.storedLeft, 1, 0xffff);
    case SYMBOL_COUNTS:
      return state.blockKind == DYNAMIC;
    case PRECODE_LENGTHS:
      return countsAreSound() && state.lengthsRead < state.precodeCount;
    case CODE_LENGTHS:
      return countsAreSound() && state.lengthsRead < state.litlenCount + state.distanceCount;
    case LITLEN:
      return isCompressed();
    case DISTANCE:
      return isCompressed() && isWithin(state.matchLength, 3, 258);
    case MATCH:
      return isCompressed() && isWithin(state.matchLength, 1, 258) && isWithin(state.matchDistance, 1, window);
    default:
      return false;
  }
}

function isCompressed(): bool {
  return state.blockKind == FIXED || countsAreSound();
}

function countsAreSound(): bool {
  return (
    state.blockKind == DYNAMIC &&
    isWithin(state.litlenCount, 257, MAX_LITLEN_SYMBOLS) &&
    isWithin(state.distanceCount, 1, MAX_DISTANCE_SYMBOLS) &&
    isWithin(state.precodeCount, 4, PRECODE_SYMBOLS)
  );
}

function isWithin(value: u32, least: u32, most: u32): bool {
  return value >= least && value <= most;
}
