import type { FileHandle } from 'node:fs/promises';
import { MiB, alignDown, alignUp, isAligned } from '../../base/align.ts';
import { Buffers, isPageAligned } from '../../base/buffers.ts';
import { endOf } from '../../base/bytes.ts';
import { DiskferryError, systemCode } from '../../base/errors.ts';
import { adviseDontNeed } from '../../base/system-calls.ts';
import { DIRECT_BLOCK as BLOCK } from './direct-handle.ts';

/** Of memory for those who bring none that suits. */
const PIECE = 1 * MiB;

/**
 * Reads a file or a block device past the page cache: O_DIRECT into page-aligned memory. Where the system refuses that
 * (tmpfs and some others have no way around their cache) the pages are dropped as far as the kernel likes and the read
 * goes through the cache; `bypassesCache` then says false.
 */
export class ReadBack {
  readonly #plain: FileHandle;
  readonly #size: number;
  readonly #memory = new Buffers(PIECE);
  readonly #direct: FileHandle | undefined;
  #isRefused = false;

  /** Both descriptors stay the caller's; `plain` is read where O_DIRECT is refused. */
  constructor(plain: FileHandle, direct: FileHandle | undefined, size: number) {
    this.#plain = plain;
    this.#direct = direct;
    this.#size = size;
  }

  get bypassesCache(): boolean {
    return this.#direct !== undefined && !this.#isRefused;
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    for (let done = 0; done < into.length;) {
      signal?.throwIfAborted();
      done += await this.#some(offset + done, into.subarray(done));
    }
  }

  async #some(offset: number, into: Uint8Array): Promise<number> {
    const direct = this.#direct;
    const length = direct === undefined || this.#isRefused ? 0 : await this.#directly(direct, offset, into);
    return length > 0 ? length : await this.#throughCache(offset, into);
  }

  /** How many bytes came this way: 0 where the file system does not read the place directly (an odd end of a disk). */
  async #directly(handle: FileHandle, offset: number, into: Uint8Array): Promise<number> {
    const straight = alignDown(into.length, BLOCK);
    if (straight > 0 && isAligned(offset, BLOCK) && isPageAligned(into)) {
      return this.#read(handle, offset, into.subarray(0, straight));
    }
    return this.#memory.lend(async (buffer) => {
      const start = alignDown(offset, BLOCK);
      const end = alignUp(endOf({ offset, length: into.length }), BLOCK);
      const got = await this.#read(handle, start, buffer.subarray(0, end - start));
      const useful = Math.min(got - (offset - start), into.length);
      if (useful > 0) into.set(buffer.subarray(offset - start, offset - start + useful));
      return Math.max(0, useful);
    });
  }

  async #read(handle: FileHandle, start: number, into: Uint8Array): Promise<number> {
    const got = await handle.read(into, 0, into.length, start).catch((error: unknown) => {
      if (systemCode(error) !== 'EINVAL') throw error;
      this.#isRefused ||= start + into.length <= this.#size; // otherwise only the odd end of the disk is
      return { bytesRead: 0 };
    });
    return got.bytesRead;
  }

  async #throughCache(offset: number, into: Uint8Array): Promise<number> {
    adviseDontNeed(this.#plain.fd, alignDown(offset, BLOCK), alignUp(into.length, BLOCK));
    const { bytesRead } = await this.#plain.read(into, 0, into.length, offset);
    if (bytesRead > 0) return bytesRead;
    throw new DiskferryError('target-read', `the target ends at ${offset} where it had ${this.#size} bytes`, {
      offset,
    });
  }
}
