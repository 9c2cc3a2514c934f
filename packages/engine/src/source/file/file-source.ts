import { basename } from 'node:path';
import { endOf, type Bytes, type ByteStream, type Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Ask, Identified, Identity, Source } from '../source.ts';
import { FileBytes } from './file-bytes.ts';
import { openBelow } from './folders.ts';
import { checkExpected, openForReading, type Opened } from './opened.ts';

/** Large enough that a read costs little beside what is done with it, small enough to stay in the processor's cache. */
const CHUNK = 1024 * 1024;

/** A file or a block device of this machine. `Identity.version` is device, inode and time of the last write. */
export class FileSource implements Source {
  readonly label: string;
  readonly name: string;
  readonly #path: string;
  readonly #folders: readonly string[] | undefined;

  /** @param folders below which the file must lie; undefined: anywhere */
  constructor(path: string, folders?: readonly string[]) {
    this.#path = path;
    this.#folders = folders;
    this.label = path;
    this.name = basename(path);
  }

  async identify(signal?: AbortSignal): Promise<Identified> {
    signal?.throwIfAborted();
    const { handle, size, version } = await this.#open();
    await handle.close();
    return { size, version, ranged: true };
  }

  async stream({ range, expect, signal }: Ask): Promise<ByteStream> {
    signal?.throwIfAborted();
    const bytes = await this.bytes(expect);
    const wanted = range ?? { offset: 0, length: bytes.size };
    if (wanted.offset >= 0 && wanted.length >= 0 && endOf(wanted) <= bytes.size) {
      return closedUnread(chunksOf(bytes, wanted, signal), bytes);
    }
    await bytes[Symbol.asyncDispose]();
    const said = `${wanted.length} bytes at ${wanted.offset} leave the ${bytes.size} bytes of ${this.#path}`;
    throw new DiskferryError('source-answer', said, { offset: wanted.offset });
  }

  async bytes(expect: Identity): Promise<Bytes> {
    const opened = await this.#open();
    try {
      checkExpected(opened, expect, this.#path);
      return new FileBytes(this.#path, opened);
    } catch (error) {
      await opened.handle.close();
      throw error;
    }
  }

  #open(): Promise<Opened> {
    return this.#folders === undefined ? openForReading(this.#path) : openBelow(this.#folders, this.#path);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** A generator that was never begun does not run its `finally`: a stream that is closed unread closes its file here. */
function closedUnread(stream: AsyncGenerator<Uint8Array>, bytes: Bytes): ByteStream {
  let begun = false;
  const begin = (): AsyncGenerator<Uint8Array> => {
    begun = true;
    return stream;
  };
  return {
    [Symbol.asyncIterator]: () => ({
      next: () => begin().next(),
      return: async () => {
        if (!begun) await bytes[Symbol.asyncDispose]();
        return begin().return(undefined);
      },
    }),
  };
}

/** Reads the next chunk while the reader works on this one. Two buffers take turns. */
async function* chunksOf(bytes: Bytes, range: Range, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const size = Math.min(CHUNK, range.length);
  const buffers = [new Uint8Array(size), new Uint8Array(size)] as const;
  let ahead: Promise<Uint8Array> | undefined;
  const readAt = async (offset: number, turn: number): Promise<Uint8Array> => {
    const chunk = buffers[turn % 2 === 0 ? 0 : 1].subarray(0, Math.min(size, endOf(range) - offset));
    await bytes.read(offset, chunk, signal);
    return chunk;
  };
  try {
    if (range.length > 0) ahead = readAt(range.offset, 0);
    for (let offset = range.offset, turn = 1; ahead !== undefined; turn++) {
      const chunk: Uint8Array = await ahead;
      offset += chunk.length;
      ahead = offset < endOf(range) ? readAt(offset, turn) : undefined;
      // A failure of the read ahead is thrown when its turn comes, not when nobody listens.
      ahead?.catch(() => undefined);
      yield chunk;
      signal?.throwIfAborted();
    }
  } finally {
    await ahead?.catch(() => undefined);
    await bytes[Symbol.asyncDispose]();
  }
}
