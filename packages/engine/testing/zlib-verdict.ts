import { expect } from 'vitest';
import { inflateRawSync } from 'node:zlib';
import { InflateError, type InflateReason } from '../src/inflate/refusal.ts';

/** What node:zlib makes of a deflate stream: the content, or why not. */
export type Verdict = { readonly content: Uint8Array } | { readonly refused: 'truncated' | 'damaged' | 'too-long' };

export function zlibVerdict(packed: Uint8Array, most = 1 << 21): Verdict {
  try {
    return { content: inflateRawSync(packed, { maxOutputLength: most, chunkSize: 65536 }) };
  } catch (thrown) {
    const { code } = thrown as { code?: string };
    if (code === 'Z_BUF_ERROR') return { refused: 'truncated' };
    if (code === 'ERR_BUFFER_TOO_LARGE') return { refused: 'too-long' };
    if (code === 'Z_DATA_ERROR') return { refused: 'damaged' };
    throw thrown;
  }
}

/** The reason of the InflateError that comes out, or undefined; any other error is a failure of the test. */
export function inflateRefusal(work: () => unknown): InflateReason | undefined {
  try {
    work();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof InflateError) return thrown.reason;
    throw thrown;
  }
}

export function expectSameBytes(found: Uint8Array, told: Uint8Array, what = ''): void {
  if (found.length === told.length && Buffer.compare(found, told) === 0) return;
  const at = found.findIndex((byte, place) => byte !== told[place]);
  expect.fail(`${what}: ${found.length} bytes, ${told.length} expected; they differ at ${at}`);
}
