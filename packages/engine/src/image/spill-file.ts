import { open, unlink, type FileHandle } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DiskferryError } from '../base/errors.ts';
import type { Spill } from './image.ts';

/**
 * A spill in a temporary file that has no name: it is gone when the process ends, however it ends. The file is made
 * when the first piece is kept; most images need none.
 */
export class SpillFile implements Spill {
  readonly #limit: number;
  #file: FileHandle | undefined;
  #length = 0;

  /** @param limit in bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  async put(bytes: Uint8Array): Promise<number | undefined> {
    if (this.#length + bytes.length > this.#limit) return undefined;
    this.#file ??= await nameless();
    const at = this.#length;
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await this.#file.write(bytes, done, bytes.length - done, at + done);
      done += bytesWritten;
    }
    this.#length += bytes.length;
    return at;
  }

  async get(at: number, into: Uint8Array): Promise<void> {
    for (let done = 0; done < into.length;) {
      const { bytesRead } = (await this.#file?.read(into, done, into.length - done, at + done)) ?? { bytesRead: 0 };
      if (bytesRead === 0) throw new DiskferryError('internal', `the spill has no ${into.length} bytes at ${at}`);
      done += bytesRead;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }
}

async function nameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `diskferry-spill-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  await unlink(path);
  return file;
}
