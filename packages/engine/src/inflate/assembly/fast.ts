import { giveBack } from './bits';
import { distanceEntry, isLiteral, literalOf, litlenEntry, secondEntry, valueOf } from './entries';
import { DISTANCE_TABLE_AT, LITLEN_TABLE_AT } from './layout';
import { regions, state } from './state';
import { BAD_DISTANCE, BAD_DISTANCE_SYMBOL, BAD_LITLEN_SYMBOL, GO_ON } from './status';
import { END_OF_BLOCK, LITERAL, POINTER, SPECIAL } from './symbols';

/**
 * The loop in which the time goes: symbols of compressed blocks without a check for the end of a region in each step.
 * That is allowed while both regions have as much left as one turn can use at most:
 *
 * Input. A turn refills at most twice. Each reads 8 bytes and goes on by at most 7, so a turn that starts at `input`
 * reads below input + 7 + 8.
 *
 * Output. A turn writes at most three literals, then a fourth or a match of at most 258 bytes. Matches are written 16
 * bytes at a time, each piece begun below the end of the match, so the last one ends at most 15 bytes behind it. The
 * source is read 16 bytes at a time at lower places than are written in the same turn.
 *
 * Bits. After a refill at least 54 are there: 56 and more with the two below them. Three literals take at most 3 * 11
 * (a code of more than 11 bits is reached by a pointer, and no literal is looked for behind it), a length 15 + 5: 53.
 * A distance takes at most 15 + 13, and looking the next symbol up 11: where there are fewer than 28 + 11, a refill
 * goes before.
 */
const INPUT_MARGIN: usize = 7 + 8;
/** One refill goes before the first turn. With less, no turn might be made and the caller would wait for ever. */
const ENTRY_MARGIN: usize = 7 + INPUT_MARGIN;
const OUTPUT_MARGIN: usize = 3 + 258 + 15;
/** With the two bits that are always below those of the stream. */
const DISTANCE_BITS: u32 = 2 + 28 + 11;

/** A run of one pattern: for each distance below 16, the places of a 16-byte piece in its source. */
const PATTERNS: usize = memory.data(16 * 16);
/** How far to go on in such a run, so that the next piece starts with the first byte of the pattern. */
const STEPS: usize = memory.data(16);

export function writePatterns(): void {
  for (let distance: u32 = 1; distance < 16; distance++) {
    for (let at: u32 = 0; at < 16; at++) store<u8>(PATTERNS + ((distance << 4) + at), <u8>(at % distance));
    store<u8>(STEPS + distance, <u8>(16 - (16 % distance)));
  }
}

/** Whether there is room for a turn at least. */
export function mayRunFast(): bool {
  return regions.inputEnd - regions.input >= ENTRY_MARGIN && regions.outputEnd - regions.output >= OUTPUT_MARGIN;
}

/** What ended the loop, besides the margins (GO_ON) and the faults. */
export const BLOCK_ENDED: u32 = 1;

/**
 * Decodes from mode LITLEN to mode LITLEN until a margin is reached or the block ends. Only if `mayRunFast()`.
 *
 * One function, because `bits`, `count` and `input` change together in each step and must stay in registers: what
 * could be named without moving them is a function below, which the compiler puts in its place.
 */
// oxlint-disable-next-line max-lines-per-function
export function decodeFast(): u32 {
  const lastInput = regions.inputEnd - INPUT_MARGIN;
  const lastOutput = regions.outputEnd - OUTPUT_MARGIN;
  const windowStart = regions.windowStart;
  // A whole word of bits could not be shifted left.
  giveBack();
  let input = regions.input;
  let output = regions.output;
  let bits = state.bits << 2;
  // Right in its lowest byte only: entries are subtracted from it as they are.
  let count = state.bitCount + 2;
  let result: u32 = GO_ON;

  bits |= refill(input, count);
  input += refilled(count);
  count |= 56;
  let entry = litlenEntry(bits);

  // Neither of them negative: both margins are there.
  while (<i32>((lastInput - input) | (lastOutput - output)) >= 0) {
    // From here to the next refill `entry` is always the one for `bits`, and `before` has it and its extra bits.
    let before = bits;
    bits >>= <u64>entry;
    count -= entry;
    if (isLiteral(entry)) {
      store<u8>(output++, literalOf(entry));
      entry = litlenEntry(bits);
      before = bits;
      bits >>= <u64>entry;
      count -= entry;
      if (isLiteral(entry)) {
        store<u8>(output++, literalOf(entry));
        entry = litlenEntry(bits);
        before = bits;
        bits >>= <u64>entry;
        count -= entry;
        if (isLiteral(entry)) {
          store<u8>(output++, literalOf(entry));
          entry = litlenEntry(bits);
          before = bits;
          bits >>= <u64>entry;
          count -= entry;
        }
      }
    }
    if ((entry & (SPECIAL | POINTER)) == (SPECIAL | POINTER)) {
      entry = secondEntry(LITLEN_TABLE_AT, entry, bits);
      before = bits;
      bits >>= <u64>entry;
      count -= entry;
    }
    if (entry & (LITERAL | SPECIAL)) {
      if (entry & SPECIAL) {
        result = entry & END_OF_BLOCK ? BLOCK_ENDED : BAD_LITLEN_SYMBOL;
        break;
      }
      store<u8>(output++, literalOf(entry));
      bits |= refill(input, count);
      input += refilled(count);
      count |= 56;
      entry = litlenEntry(bits);
      continue;
    }
    const length = valueOf(entry, before);

    if ((count & 63) < DISTANCE_BITS) {
      bits |= refill(input, count);
      input += refilled(count);
      count |= 56;
    }
    entry = distanceEntry(bits);
    if (entry & SPECIAL) {
      if (!(entry & POINTER)) {
        result = BAD_DISTANCE_SYMBOL;
        break;
      }
      bits >>= <u64>entry;
      count -= entry;
      entry = secondEntry(DISTANCE_TABLE_AT, entry, bits);
      if (entry & SPECIAL) {
        result = BAD_DISTANCE_SYMBOL;
        break;
      }
    }
    const distance = <usize>valueOf(entry, bits);
    bits >>= <u64>entry;
    count -= entry;
    if (distance > output - windowStart) {
      result = BAD_DISTANCE;
      break;
    }
    // The next symbol is looked up before the match is copied: the one need not wait for the other.
    entry = litlenEntry(bits);
    bits |= refill(input, count);
    input += refilled(count);
    count |= 56;
    copyMatch(output, distance, output + length);
    output += length;
  }

  regions.input = input;
  regions.output = output;
  state.bits = bits >> 2;
  state.bitCount = (count & 63) - 2;
  giveBack();
  return result;
}

/** What a refill adds to the bits: 8 bytes, of which those that fit whole count, and the rest comes again next time. */
function refill(input: usize, count: u32): u64 {
  return load<u64>(input) << (<u64>count);
}

function refilled(count: u32): usize {
  return 7 - ((count >> 3) & 7);
}

/** Up to `end`, and up to 15 bytes behind it. */
function copyMatch(output: usize, distance: usize, end: usize): void {
  if (distance >= 16) {
    v128.store(output, v128.load(output - distance));
    while (output + 16 < end) {
      output += 16;
      v128.store(output, v128.load(output - distance));
    }
  } else {
    const places = v128.load(PATTERNS + (distance << 4));
    const pattern = i8x16.swizzle(v128.load(output - distance), places);
    const step = <usize>load<u8>(STEPS + distance);
    v128.store(output, pattern);
    while (output + step < end) {
      output += step;
      v128.store(output, pattern);
    }
  }
}
