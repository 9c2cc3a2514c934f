/**
 * Where things lie in the first page of the module's memory. Everything behind it belongs to the host, which says at
 * each run which part of it is input and which is output; nothing else is touched.
 *
 *     0      the compiler's constants
 *     4096   state that a saved decoder consists of (state.ts), then the code lengths of the block in turn
 *     4608   regions of this run, scratch of the table builder
 *     8192   decode tables (tables.ts), then what each symbol means (symbols.ts)
 *     65536  the host's
 */
export const STATE_AT: usize = 4096;
export const LENGTHS_AT: usize = STATE_AT + 64;
/** 288 literals and lengths and 32 distances: as many as a fixed block has; a dynamic one has at most 286 and 30. */
export const LENGTHS_SIZE: usize = 320;
/** Code lengths of the code length code: u8[19]. */
export const PRECODE_LENGTHS_AT: usize = LENGTHS_AT + LENGTHS_SIZE;
/** The state and both kinds of lengths, one after another: what is saved. */
export const SAVED_SIZE: usize = 64 + LENGTHS_SIZE + 32;

export const REGIONS_AT: usize = 4608;
/** Codes of each length: u32[16]. */
export const COUNTS_AT: usize = REGIONS_AT + 64;
/** Where the symbols of each length begin in SORTED: u32[16]. */
export const STARTS_AT: usize = COUNTS_AT + 64;
/** Symbols by length, then by value: u16[288]. */
export const SORTED_AT: usize = STARTS_AT + 64;

/** Bits that the first lookup takes. More: larger tables, slower to build; fewer: more second lookups. */
export const LITLEN_ROOT: u32 = 11;
export const DISTANCE_ROOT: u32 = 8;
/** A code length code has no codes of more than 7 bits (RFC 1951 section 3.2.7), so no second level. */
export const PRECODE_ROOT: u32 = 7;

/**
 * A complete code has at least two codes behind each root entry that leads to a second level, so 288 symbols need at
 * most 144 tables of 2^(15-11) entries, and 30 (a fixed block: 32, of 5 bits) at most 15 of 2^(15-8).
 */
const LITLEN_ENTRIES: usize = 2048 + 144 * 16;
const DISTANCE_ENTRIES: usize = 256 + 15 * 128;
const PRECODE_ENTRIES: usize = 128;

export const LITLEN_TABLE_AT: usize = 8192;
export const DISTANCE_TABLE_AT: usize = LITLEN_TABLE_AT + 4 * LITLEN_ENTRIES;
export const PRECODE_TABLE_AT: usize = DISTANCE_TABLE_AT + 4 * DISTANCE_ENTRIES;
/** What a symbol means, without the length of its code: u32[288], u32[32], u32[19]. */
export const LITLEN_SYMBOLS_AT: usize = PRECODE_TABLE_AT + 4 * PRECODE_ENTRIES;
export const DISTANCE_SYMBOLS_AT: usize = LITLEN_SYMBOLS_AT + 4 * 288;
export const PRECODE_SYMBOLS_AT: usize = DISTANCE_SYMBOLS_AT + 4 * 32;

/** Where the host's memory begins. */
export const HOST_AT: usize = 65536;
