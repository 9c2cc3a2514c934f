import zlib from 'node:zlib';
import { fromZlib, InflateError } from './refusal.ts';

/** A unit by node:zlib, where our decoder does not start or the unit is very large: the same results and refusals. */
export function nodeUnit(
  form: 'deflate' | 'zlib',
  packed: Uint8Array,
  unpacked: number,
  into: Uint8Array | undefined,
): Uint8Array {
  const content = inflated(form, packed, unpacked);
  if (content.length !== unpacked) {
    throw new InflateError('too-short', `the content is ${content.length} bytes instead of ${unpacked}`);
  }
  if (!into) return content;
  into.set(content);
  return into.subarray(0, unpacked);
}

/** `chunkSize` of the result's size: one buffer, no joining (1.5 times faster than the default for 64 KiB). */
function inflated(form: 'deflate' | 'zlib', packed: Uint8Array, unpacked: number): Uint8Array {
  const limits = { maxOutputLength: Math.max(1, unpacked), chunkSize: Math.max(64, unpacked) };
  try {
    return form === 'deflate' ? zlib.inflateRawSync(packed, limits) : zlib.inflateSync(packed, limits);
  } catch (thrown) {
    throw fromZlib(thrown);
  }
}
