import { regions, state } from './state';

/**
 * Takes in input until at least 56 bits are at hand or the input ends. `bitCount` counts what is there for certain: bits
 * above it are zero, or they are those that the next call adds again.
 */
export function fill(): void {
  const count = state.bitCount;
  const at = regions.input;
  if (regions.inputEnd - at >= 8) {
    const whole: u32 = (63 - count) >> 3;
    state.bits |= load<u64>(at) << (<u64>count);
    state.bitCount = count + (whole << 3);
    regions.input = at + whole;
  } else fillFromTheLastBytes();
}

function fillFromTheLastBytes(): void {
  let at = regions.input;
  while (state.bitCount < 56 && at < regions.inputEnd) {
    state.bits |= (<u64>load<u8>(at)) << (<u64>state.bitCount);
    state.bitCount += 8;
    at++;
  }
  regions.input = at;
}

/** Whether `count` bits (at most 56) are at hand. */
export function has(count: u32): bool {
  if (state.bitCount < count) fill();
  return state.bitCount >= count;
}

/** The next `count` bits (at most 31), lowest first (RFC 1951 section 3.1.1). They must be at hand. */
export function take(count: u32): u32 {
  const value = <u32>state.bits & ((1 << count) - 1);
  drop(count);
  return value;
}

export function drop(count: u32): void {
  state.bits >>= <u64>count;
  state.bitCount -= count;
}

/**
 * Gives whole bytes that were taken in and not consumed back to the input. Those of an earlier run are not there any
 * more; but an element that waited for input needs more bits than were left, so that after it only bits of this run are.
 */
export function giveBack(): void {
  const whole = min<usize>(state.bitCount >> 3, regions.input - regions.inputStart);
  regions.input -= whole;
  state.bitCount -= (<u32>whole) << 3;
  state.bits &= ((<u64>1) << (<u64>state.bitCount)) - 1;
}
