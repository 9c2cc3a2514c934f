import type { FileHandle } from 'node:fs/promises';
import { FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, fallocate } from '../../base/system-calls.ts';
import { LocalTarget, type LocalParts } from '../local/local-target.ts';

const PUNCH = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE;

export interface FileParts extends Omit<LocalParts, 'kind'> {
  readonly handle: FileHandle;
  /** Whether the file was made, or given its size, by this opening. */
  readonly created: boolean;
}

/** A regular file as a target: sparse where it holds no data. */
export class FileTarget extends LocalTarget {
  readonly created: boolean;
  readonly #handle: FileHandle;

  constructor(parts: FileParts) {
    super({ ...parts, kind: 'file' });
    this.created = parts.created;
    this.#handle = parts.handle;
  }

  /**
   * Throws the whole content away at once, for the caller who is allowed to overwrite all of it: afterwards the file
   * reads as zeros, gives its space back and `startsZeroed`. A checkpoint that speaks of the content must be gone before.
   */
  clear(): Promise<void> {
    return this.attempt('zero', { offset: 0 }, async () => {
      // One call where it can be had: a kill between the two truncations would leave a file without its size.
      if (!(await fallocate(this.#handle.fd, PUNCH, 0, Math.max(1, this.size)))) {
        await this.#handle.truncate(0);
        await this.#handle.truncate(this.size);
      }
      await this.#handle.sync();
      this.becomeBlank();
    });
  }
}
