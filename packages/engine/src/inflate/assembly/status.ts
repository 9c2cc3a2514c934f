/** What a run ends with. The host has the same list with a sentence for each fault (refusals.ts). */
export const GO_ON: u32 = 0;
/** All input is taken in, and it ends within an element of the stream. */
export const NEEDS_INPUT: u32 = 1;
/** The output region is full, and there is more to come. */
export const NEEDS_OUTPUT: u32 = 2;
/** The final block has ended. */
export const FINISHED: u32 = 3;

/** From here on: the stream is refused. Nothing but a reset or a restore leads out of it. */
export const FAULTS: u32 = 16;
export const BAD_BLOCK_KIND: u32 = 16;
export const BAD_STORED_LENGTH: u32 = 17;
export const BAD_SYMBOL_COUNTS: u32 = 18;
export const BAD_PRECODE: u32 = 19;
export const BAD_REPEAT: u32 = 20;
export const NO_END_OF_BLOCK: u32 = 21;
export const BAD_LITLEN_CODE: u32 = 22;
export const BAD_DISTANCE_CODE: u32 = 23;
export const BAD_LITLEN_SYMBOL: u32 = 24;
export const BAD_DISTANCE_SYMBOL: u32 = 25;
export const BAD_DISTANCE: u32 = 26;
/** A saved state that contradicts itself. */
export const BAD_STATE: u32 = 27;
