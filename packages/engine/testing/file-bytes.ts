import { open } from 'node:fs/promises';
import type { Bytes } from '../src/base/bytes.ts';

/** A plain file as Bytes, for tests that stand below the sources. */
export async function fileBytes(path: string): Promise<Bytes> {
  const file = await open(path, 'r');
  const { size } = await file.stat();
  return {
    size,
    async read(offset, into, signal) {
      signal?.throwIfAborted();
      for (let done = 0; done < into.length;) {
        const { bytesRead } = await file.read(into, done, into.length - done, offset + done);
        if (bytesRead === 0) throw new Error(`short read at ${offset + done} of ${size}`);
        done += bytesRead;
      }
    },
    [Symbol.asyncDispose]: () => file.close(),
  };
}
