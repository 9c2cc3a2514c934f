import { constants, type FileHandle, open } from 'node:fs/promises';
import { KiB, alignDown, alignUp } from '../../base/align.ts';
import { endOf } from '../../base/bytes.ts';
import { DiskferryError, systemCode } from '../../base/errors.ts';
import { adviseDontNeed } from '../../base/system-calls.ts';
import { PageMemory } from './page-memory.ts';

/** Satisfies O_DIRECT on every disk: logical blocks have 512 to 4096 bytes. */
const BLOCK = 4 * KiB;

/**
 * Reads a file or a block device past the page cache: O_DIRECT into page-aligned memory. Where the system refuses that
 * (tmpfs and some others have no way around their cache) the pages are dropped as far as the kernel likes and the read
 * goes through the cache; `bypassesCache` then says false.
 */
export class ReadBack {
  readonly #plain: FileHandle;
  readonly #size: number;
  readonly #memory = new PageMemory();
  #direct: FileHandle | undefined;
  #isRefused = false;

  private constructor(plain: FileHandle, size: number, direct: FileHandle | undefined) {
    this.#plain = plain;
    this.#size = size;
    this.#direct = direct;
  }

  /** `plain` stays the caller's; it is read where O_DIRECT is refused. */
  static async open(path: string, plain: FileHandle, size: number): Promise<ReadBack> {
    const flags = constants.O_RDONLY | (constants.O_DIRECT ?? 0);
    const direct = constants.O_DIRECT === undefined ? undefined : await open(path, flags).catch(() => undefined);
    if (direct !== undefined && !(await isSameFile(plain, direct))) {
      await direct.close();
      return new ReadBack(plain, size, undefined);
    }
    return new ReadBack(plain, size, direct);
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

  async close(): Promise<void> {
    const direct = this.#direct;
    this.#direct = undefined;
    await direct?.close();
  }

  async #some(offset: number, into: Uint8Array): Promise<number> {
    const direct = this.#direct;
    const length = direct === undefined || this.#isRefused ? 0 : await this.#directly(direct, offset, into);
    return length > 0 ? length : await this.#throughCache(offset, into);
  }

  /** How many bytes came this way: 0 where the file system does not read the place directly (an odd end of a disk). */
  #directly(handle: FileHandle, offset: number, into: Uint8Array): Promise<number> {
    return this.#memory.lend(async (buffer) => {
      const start = alignDown(offset, BLOCK);
      const end = alignUp(endOf({ offset, length: into.length }), BLOCK);
      const wanted = Math.min(end - start, buffer.length);
      const got = await handle.read(buffer, 0, wanted, start).catch((error: unknown) => {
        if (systemCode(error) !== 'EINVAL') throw error;
        this.#isRefused ||= end <= this.#size; // otherwise only the odd end of the disk is
        return { bytesRead: 0 };
      });
      const useful = Math.min(got.bytesRead - (offset - start), into.length);
      if (useful > 0) into.set(buffer.subarray(offset - start, offset - start + useful));
      return Math.max(0, useful);
    });
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

/** The name may have been given to another file since the first descriptor was opened. */
async function isSameFile(a: FileHandle, b: FileHandle): Promise<boolean> {
  const [first, second] = [await a.stat(), await b.stat()];
  return first.dev === second.dev && first.ino === second.ino && first.rdev === second.rdev;
}
