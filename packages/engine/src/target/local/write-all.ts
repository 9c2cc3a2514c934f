import type { FileHandle } from 'node:fs/promises';

/** What the kernel may do at most in one call is 2 GiB - 4 KiB; smaller pieces let an abort through. */
const PIECE = 16 * 1024 * 1024;

/** Writes until all is written: a short write is no error, and the next call tells why it was short. */
export async function writeAll(
  handle: Pick<FileHandle, 'write'>,
  offset: number,
  bytes: Uint8Array,
  signal?: AbortSignal,
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    signal?.throwIfAborted();
    const { bytesWritten } = await handle.write(bytes, done, Math.min(PIECE, bytes.length - done), offset + done);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
    done += bytesWritten;
  }
}
