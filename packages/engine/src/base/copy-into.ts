import type { Range } from './bytes.ts';

/**
 * Copies `bytes` to `at` of `target`. Into shared memory `Uint8Array.set` goes word by word, as other threads may look
 * on; nobody may here, and `fill` with as many bytes as there is room for is a plain copy: 7 GB/s in place of 1.9.
 */
export function copyInto(target: Uint8Array, at: number, bytes: Uint8Array): void {
  if (bytes.length === 0) return;
  Buffer.from(target.buffer, target.byteOffset, target.length).fill(bytes, at, at + bytes.length);
}

/** Makes a range zero. `Uint8Array.fill` goes byte by byte in shared memory: a tenth of the speed. */
export function zeroInto(target: Uint8Array, { offset, length }: Range): void {
  Buffer.from(target.buffer, target.byteOffset, target.length).fill(0, offset, offset + length);
}
