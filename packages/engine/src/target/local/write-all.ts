import type { FileHandle } from 'node:fs/promises';

/**
 * Through the page cache larger writes gain nothing, and cost much on a virtual machine whose host takes free pages back:
 * a write of 2 MiB then gets whole pages that were given back, at three times the kernel time (docs/performance.md).
 */
const PIECE = 1024 * 1024;

/** Writes until all is written: a short write is no error, and the next call tells why it was short. */
export async function writeAll(
  handle: Pick<FileHandle, 'write'>,
  offset: number,
  bytes: Uint8Array,
  { piece = PIECE, signal }: { readonly piece?: number; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    signal?.throwIfAborted();
    const { bytesWritten } = await handle.write(bytes, done, Math.min(piece, bytes.length - done), offset + done);
    if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'ENOSPC' });
    done += bytesWritten;
  }
}
