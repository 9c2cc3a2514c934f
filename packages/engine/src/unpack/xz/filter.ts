/**
 * Undoes a filter in place, one buffer after another. Gives how many bytes at the head of the buffer are done; the rest
 * comes again at the head of the next buffer, because an instruction may be cut by the end of this one.
 */
export type Filter = (buffer: Uint8Array) => number;
