import { drop, fill } from './bits';
import { endBlock } from './block';
import { isLiteral, secondEntry, valueOf } from './entries';
import { DISTANCE_ROOT, DISTANCE_TABLE_AT, LITLEN_ROOT, LITLEN_TABLE_AT } from './layout';
import { DISTANCE, LITLEN, MATCH, refuse, regions, state } from './state';
import { BAD_DISTANCE, BAD_DISTANCE_SYMBOL, BAD_LITLEN_SYMBOL, GO_ON, NEEDS_INPUT, NEEDS_OUTPUT } from './status';
import { END_OF_BLOCK, POINTER, SPECIAL } from './symbols';

/**
 * Symbols of compressed blocks one at a time, each step checked against both regions. An element is consumed whole or
 * not at all. Where fewer bits are at hand than an entry says, the lookup may have been made with bits that are not
 * there: the entry means nothing then, except that more input is needed.
 */

/** Bits that the entry in turn consumes besides its own: those of the first lookup, where there were two. */
let rootBits: u32 = 0;

export function readLitlen(): u32 {
  fill();
  const entry = lookUp(LITLEN_TABLE_AT, LITLEN_ROOT);
  const bits = rootBits + (entry & 0xff);
  if (bits > state.bitCount) return NEEDS_INPUT;
  if (isLiteral(entry)) {
    if (regions.output == regions.outputEnd) return NEEDS_OUTPUT;
    store<u8>(regions.output, <u8>(entry >> 16));
    regions.output++;
    drop(bits);
    return GO_ON;
  }
  if (entry & SPECIAL) {
    if (!(entry & END_OF_BLOCK)) return refuse(BAD_LITLEN_SYMBOL);
    drop(bits);
    return endBlock();
  }
  state.matchLength = valueFrom(entry);
  drop(bits);
  state.mode = DISTANCE;
  return GO_ON;
}

export function readDistance(): u32 {
  fill();
  const entry = lookUp(DISTANCE_TABLE_AT, DISTANCE_ROOT);
  const bits = rootBits + (entry & 0xff);
  if (bits > state.bitCount) return NEEDS_INPUT;
  if (entry & SPECIAL) return refuse(BAD_DISTANCE_SYMBOL);
  const distance = valueFrom(entry);
  drop(bits);
  if (<usize>distance > regions.output - regions.windowStart) return refuse(BAD_DISTANCE);
  state.matchDistance = distance;
  state.mode = MATCH;
  return GO_ON;
}

/** Byte by byte: a match may reach into itself (RFC 1951 section 3.2.3). */
export function copyMatch(): u32 {
  let output = regions.output;
  const end = output + min<usize>(state.matchLength, regions.outputEnd - output);
  const distance = <usize>state.matchDistance;
  state.matchLength -= <u32>(end - output);
  for (; output < end; output++) store<u8>(output, load<u8>(output - distance));
  regions.output = end;
  if (state.matchLength) return NEEDS_OUTPUT;
  state.mode = LITLEN;
  return GO_ON;
}

function lookUp(table: usize, root: u32): u32 {
  const entry = load<u32>(table + ((<usize>state.bits & ((1 << (<usize>root)) - 1)) << 2));
  rootBits = 0;
  if (!(entry & POINTER)) return entry;
  rootBits = root;
  return secondEntry(table, entry, (state.bits >> <u64>root) << 2);
}

/** The base of the entry and its extra bits: they lie behind its code. */
function valueFrom(entry: u32): u32 {
  return valueOf(entry, (state.bits >> <u64>rootBits) << 2);
}
