import { MiB } from '../base/align.ts';
import type { Bytes, ByteStream } from '../base/bytes.ts';
import { unusableMark } from './sealed-mark.ts';

/** One read: large enough that the round trip to a store does not decide the speed. */
const READ_SIZE = 1 * MiB;

/** The bytes from start to end as a stream of chunks of 1 MiB; the buffer is used again for the next chunk. */
export function inSequence(bytes: Bytes, signal?: AbortSignal): ByteStream {
  return fromOffset(bytes, 0, signal);
}

/** The same from an offset, which comes from a mark. @throws DiskferryError `checkpoint-damaged` where it is behind the end */
export async function* fromOffset(bytes: Bytes, offset: number, signal?: AbortSignal): ByteStream {
  if (offset > bytes.size) throw unusableMark(`is at ${offset}; the package has ${bytes.size} bytes`);
  const buffer = new Uint8Array(Math.min(READ_SIZE, bytes.size - offset));
  for (let at = offset; at < bytes.size;) {
    signal?.throwIfAborted();
    const chunk = buffer.subarray(0, Math.min(buffer.length, bytes.size - at));
    await bytes.read(at, chunk, signal);
    at += chunk.length;
    yield chunk;
  }
}
