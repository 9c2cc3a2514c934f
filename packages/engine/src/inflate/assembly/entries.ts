import { DISTANCE_ROOT, DISTANCE_TABLE_AT, LITLEN_ROOT, LITLEN_TABLE_AT } from './layout';

/**
 * Reading entries of the decode tables (symbols.ts). `bits` are those of the stream shifted left by two everywhere here;
 * the two below them may be anything.
 */

export function litlenEntry(bits: u64): u32 {
  return load<u32>(<usize>bits & (4 * ((1 << LITLEN_ROOT) - 1)), LITLEN_TABLE_AT);
}

export function distanceEntry(bits: u64): u32 {
  return load<u32>(<usize>bits & (4 * ((1 << DISTANCE_ROOT) - 1)), DISTANCE_TABLE_AT);
}

/** The entry behind a pointer; `bits` begin behind those of the first lookup. */
export function secondEntry(table: usize, pointer: u32, bits: u64): u32 {
  return load<u32>(table + (pointer >> 16) + (<u32>bits & ((4 << ((pointer >> 8) & 15)) - 4)));
}

export function literalOf(entry: u32): u8 {
  return <u8>(entry >> 16);
}

/** The base and the extra bits; `bits` begin with the code of the entry. */
export function valueOf(entry: u32, bits: u64): u32 {
  return (entry >> 16) + ((<u32>bits & ((4 << entry) - 1)) >> (entry >> 8));
}

/** Like `entry & LITERAL`, in one instruction less. */
export function isLiteral(entry: u32): bool {
  return <i32>entry < 0;
}
