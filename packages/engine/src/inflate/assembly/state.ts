import { REGIONS_AT, STATE_AT } from './layout';

/** What the decoder does next. The numbers are part of the saved form. */
export const BLOCK_HEADER: u32 = 0;
/** Behind the header of a stored block, before its LEN and NLEN. */
export const STORED_LENGTH: u32 = 1;
export const STORED_BYTES: u32 = 2;
/** HLIT, HDIST, HCLEN. */
export const SYMBOL_COUNTS: u32 = 3;
export const PRECODE_LENGTHS: u32 = 4;
export const CODE_LENGTHS: u32 = 5;
export const LITLEN: u32 = 6;
/** A length is known, its distance is not. */
export const DISTANCE: u32 = 7;
/** A match is known, `matchLength` bytes of it are still to be copied. */
export const MATCH: u32 = 8;
export const END: u32 = 9;
/** `fault` says why. */
export const REFUSED: u32 = 10;

export const STORED: u32 = 0;
export const FIXED: u32 = 1;
export const DYNAMIC: u32 = 2;

/**
 * All that goes on from one run to the next, besides the last 32 KiB of output and the code lengths. Its fields are
 * the saved form: new ones go to the end, and with a change the version in saved-state.ts goes up.
 */
@unmanaged
export class State {
  /** Bits taken from the input and not consumed, the next one lowest; above `bitCount` they are zero between runs. */
  bits: u64;
  bitCount: u32;
  mode: u32;
  fault: u32;
  /** 1 within the last block. */
  final: u32;
  blockKind: u32;
  storedLeft: u32;
  litlenCount: u32;
  distanceCount: u32;
  precodeCount: u32;
  /** Code lengths that are read: of the code length code first, then of the two codes. */
  lengthsRead: u32;
  matchLength: u32;
  matchDistance: u32;
}

/** Where this run reads and writes. */
@unmanaged
export class Regions {
  inputStart: usize;
  input: usize;
  inputEnd: usize;
  /** The first byte that a match may reach: the output so far lies between it and `output`. */
  windowStart: usize;
  output: usize;
  outputEnd: usize;
  /** Which kind of block the decode tables in memory belong to: DYNAMIC means those of this very block. */
  tables: u32;
}

export const state = changetype<State>(STATE_AT);
export const regions = changetype<Regions>(REGIONS_AT);

export function refuse(fault: u32): u32 {
  state.mode = REFUSED;
  state.fault = fault;
  return fault;
}
