import { HOST_AT, SAVED_SIZE, STATE_AT } from './layout';
import { writePatterns } from './fast';
import { writeMeanings } from './symbols';

/** What the host sees. The module has no imports: it cannot reach anything but its own memory. */
export { run, reset, inputPlace, outputPlace } from './stream';
export { accept } from './accept';
export { adler32 } from './adler';

/** Where the state to be saved lies, how long it is, and where the host's memory begins. */
export const stateAt: usize = STATE_AT;
export const savedSize: usize = SAVED_SIZE;
export const hostAt: usize = HOST_AT;

writeMeanings();
writePatterns();
