import type { FileHandle } from 'node:fs/promises';
import { KiB, MiB, isAligned } from '../../base/align.ts';
import { type Range, endOf } from '../../base/bytes.ts';
import { FALLOC_FL_KEEP_SIZE, FALLOC_FL_PUNCH_HOLE, FALLOC_FL_ZERO_RANGE, fallocate } from '../../base/system-calls.ts';
import { writeZeros } from '../zeros.ts';
import { writeAll } from './write-all.ts';

/** A disk without a quick way takes seconds for this much; between two pieces the signal is looked at. */
const PIECE = 256 * MiB;
/** A refusal of a range that is aligned to this is a refusal of the rung and not of the range. */
const ANY_BLOCK = 4 * KiB;

/**
 * The ladder of zeroing a file or a block device: punching where that is allowed, zeroing in place, writing zeros. On a
 * block device the kernel makes both of the first two read as zeros (blkdev_fallocate in the kernel's block/fops.c:
 * zeroout with and without unmapping), which discarding does not. A rung that the system refuses is not tried again.
 */
export class LocalZero {
  readonly #handle: FileHandle;
  readonly #refused = new Set<number>();

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  async zero(range: Range, how: { readonly mayPunch: boolean }, signal?: AbortSignal): Promise<void> {
    const modes = how.mayPunch ? [FALLOC_FL_PUNCH_HOLE, FALLOC_FL_ZERO_RANGE] : [FALLOC_FL_ZERO_RANGE];
    for (let offset = range.offset; offset < endOf(range); offset += PIECE) {
      signal?.throwIfAborted();
      const piece = { offset, length: Math.min(PIECE, endOf(range) - offset) };
      if (await this.#isDoneBy(modes, piece)) continue;
      await writeZeros(piece, (at, bytes) => writeAll(this.#handle, at, bytes, { signal }), signal);
    }
  }

  async #isDoneBy(modes: readonly number[], piece: Range): Promise<boolean> {
    for (const mode of modes) if (await this.#isDone(mode, piece)) return true;
    return false;
  }

  async #isDone(mode: number, piece: Range): Promise<boolean> {
    if (this.#refused.has(mode)) return false;
    if (await fallocate(this.#handle.fd, FALLOC_FL_KEEP_SIZE | mode, piece.offset, piece.length)) return true;
    if (isAligned(piece.offset, ANY_BLOCK) && isAligned(piece.length, ANY_BLOCK)) this.#refused.add(mode);
    return false;
  }
}
