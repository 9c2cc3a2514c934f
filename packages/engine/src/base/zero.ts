import { KiB } from './align.ts';

const ZEROS = Buffer.alloc(64 * KiB);

/** Whether every byte is zero. Compares with a block of zeros: memcmp speed, where a loop does a tenth. */
export function isZero(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at += ZEROS.length) {
    const part = bytes.subarray(at, at + ZEROS.length);
    if (ZEROS.compare(part, 0, part.length, 0, part.length) !== 0) return false;
  }
  return true;
}
