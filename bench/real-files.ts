import { hash } from 'node:crypto';
import { open, readdir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

/** What a filesystem's block is: each file begins on one, its last block is filled with zeros. */
const BLOCK = 4096;

/**
 * The regular files below a folder, in an order that is the same every time. Not by name: the order of their hashes
 * mixes programs, libraries and texts, so that a quarter of the files compresses like all of them.
 */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const keys = new Map(paths.map((path) => [path, hash('sha1', path)]));
  return paths.toSorted((a, b) => (keys.get(a)! < keys.get(b)! ? -1 : 1)); // every path has its key
}

/** One endless stream of file after file; begins again with the first when all are used. */
export class FileFeed implements AsyncDisposable {
  readonly #paths: readonly string[];
  #next = 0;
  #current: FileHandle | undefined;
  #readOfCurrent = 0;

  constructor(paths: readonly string[]) {
    if (paths.length === 0) throw new Error('there are no files to fill the disk with');
    this.#paths = paths;
  }

  /** Fills all of `buffer`, whose length is a multiple of the block. */
  async fill(buffer: Uint8Array): Promise<void> {
    for (let at = 0; at < buffer.length;) {
      const { handle, position } = await this.#open();
      const { bytesRead } = await handle.read(buffer, at, buffer.length - at, position);
      this.#readOfCurrent += bytesRead;
      const isEnd = at + bytesRead < buffer.length;
      const padded = isEnd ? Math.ceil((at + bytesRead) / BLOCK) * BLOCK : at + bytesRead;
      buffer.fill(0, at + bytesRead, padded);
      at = padded;
      if (isEnd && bytesRead === 0) await this.#close();
    }
  }

  async #open(): Promise<{ handle: FileHandle; position: number }> {
    while (this.#current === undefined) {
      const path = this.#paths[this.#next++ % this.#paths.length]!; // the remainder is within the list
      this.#current = await open(path).catch(() => undefined);
      this.#readOfCurrent = 0;
    }
    return { handle: this.#current, position: this.#readOfCurrent };
  }

  async #close(): Promise<void> {
    await this.#current?.close();
    this.#current = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}
