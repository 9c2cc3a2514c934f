import type { Bytes } from '../src/base/bytes.ts';

/** Bytes that count how often they are asked: over a network each time costs a round trip. */
export function counted(bytes: Bytes): Bytes & { readonly reads: number } {
  let reads = 0;
  return {
    size: bytes.size,
    get reads() {
      return reads;
    },
    read(offset, into, signal) {
      reads++;
      return bytes.read(offset, into, signal);
    },
    [Symbol.asyncDispose]: () => bytes[Symbol.asyncDispose](),
  };
}
