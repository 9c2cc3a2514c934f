import type { FileHandle } from 'node:fs/promises';
import { KiB, alignDown, isAligned } from '../../base/align.ts';
import { isPageAligned } from '../../base/buffers.ts';
import { systemCode } from '../../base/errors.ts';
import { DIRECT_BLOCK } from './direct-handle.ts';
import { writeAll } from './write-all.ts';

/**
 * Smaller writes go through the page cache, which gathers them: past it each would wait for the disk. Larger ones go past
 * it: they are on the disk when the flush comes, and cost a fifth of the processor (docs/performance.md).
 */
const WORTH_IT = 256 * KiB;

/** Writes a file or a block device, large runs past the page cache where memory and place suit and the system allows. */
export class LocalWriter {
  readonly #plain: FileHandle;
  readonly #direct: FileHandle | undefined;
  #isRefused = false;

  /** Both stay the caller's. */
  constructor(plain: FileHandle, direct: FileHandle | undefined) {
    this.#plain = plain;
    this.#direct = direct;
  }

  /** Writes all of `bytes` or throws. */
  async write(offset: number, bytes: Uint8Array, signal?: AbortSignal): Promise<void> {
    const done = await this.#directly(offset, bytes, signal);
    await writeAll(this.#plain, offset + done, bytes.subarray(done), { signal });
  }

  /** How many bytes went past the cache; a refusal is no error, the rest goes the other way. */
  async #directly(offset: number, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<number> {
    const length = alignDown(bytes.length, DIRECT_BLOCK);
    const suits = length >= WORTH_IT && isAligned(offset, DIRECT_BLOCK) && isPageAligned(bytes);
    if (!suits || this.#direct === undefined || this.#isRefused) return 0;
    try {
      await writeAll(this.#direct, offset, bytes.subarray(0, length), { piece: length, signal });
      return length;
    } catch (error) {
      if (systemCode(error) !== 'EINVAL') throw error;
      this.#isRefused = true;
      return 0;
    }
  }
}
