import { MiB } from '../base/align.ts';
import { type Range, endOf } from '../base/bytes.ts';

/** Shared by all targets and never written to. Untouched pages of it cost no memory. */
const ZEROS = new Uint8Array(4 * MiB);

/** The last rung of every zeroing ladder: writes zeros in large pieces, and looks at the signal between them. */
export async function writeZeros(
  range: Range,
  write: (offset: number, bytes: Uint8Array) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  for (let at = range.offset; at < endOf(range); at += ZEROS.length) {
    signal?.throwIfAborted();
    await write(at, ZEROS.subarray(0, Math.min(ZEROS.length, endOf(range) - at)));
  }
}
