import { MiB } from '../base/align.ts';
import type { Bytes, ByteStream } from '../base/bytes.ts';

/** One read: large enough that the round trip to a store does not decide the speed. */
const READ_SIZE = 1 * MiB;

/** The bytes from start to end as a stream of chunks of 1 MiB; the buffer is used again for the next chunk. */
export async function* inSequence(bytes: Bytes, signal?: AbortSignal): ByteStream {
  const buffer = new Uint8Array(Math.min(READ_SIZE, bytes.size));
  for (let at = 0; at < bytes.size;) {
    signal?.throwIfAborted();
    const chunk = buffer.subarray(0, Math.min(buffer.length, bytes.size - at));
    await bytes.read(at, chunk, signal);
    at += chunk.length;
    yield chunk;
  }
}
