/** Adler-32 (RFC 1950 section 8.2 and 9): two sums modulo 65521, `low` of the bytes, `high` of all values of `low`. */
const MODULUS: u32 = 65521;
/** Bytes after which `high` must be reduced: fewer than 5552, where 32 bits could overflow, and a multiple of 16. */
const STRIDE: usize = 5536;

export function adler32(at: usize, end: usize): u32 {
  let low: u32 = 1;
  let high: u32 = 0;
  while (at < end) {
    const part = min<usize>(end - at, STRIDE);
    const pieces = part & ~15;
    const sums = sumPieces(at, at + pieces);
    // Each byte in front of a piece is counted again for each byte of it: sumPieces() has that for its own.
    high += low * <u32>pieces + <u32>(sums >> 32);
    low += <u32>sums;
    for (let rest = at + pieces; rest < at + part; rest++) {
      low += load<u8>(rest);
      high += low;
    }
    low %= MODULUS;
    high %= MODULUS;
    at += part;
  }
  return (high << 16) | low;
}

/** The two sums of whole pieces of 16 bytes, begun at 0: `low` below, `high` in the upper half. */
function sumPieces(from: usize, end: usize): u64 {
  const firstWeights = i16x8(16, 15, 14, 13, 12, 11, 10, 9);
  const lastWeights = i16x8(8, 7, 6, 5, 4, 3, 2, 1);
  let lows = i32x4.splat(0);
  // `low` before each piece, summed up: it counts 16 times in `high`.
  let earlier = i32x4.splat(0);
  let weighted = i32x4.splat(0);
  for (let at = from; at < end; at += 16) {
    const piece = v128.load(at);
    earlier = i32x4.add(earlier, lows);
    lows = i32x4.add(lows, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(piece)));
    weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(piece), firstWeights));
    weighted = i32x4.add(weighted, i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(piece), lastWeights));
  }
  return ((<u64>(total(earlier) * 16 + total(weighted))) << 32) | <u64>total(lows);
}

function total(sums: v128): u32 {
  return (
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}
