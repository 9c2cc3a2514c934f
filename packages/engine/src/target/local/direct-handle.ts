import { constants, type FileHandle, open } from 'node:fs/promises';
import { KiB } from '../../base/align.ts';

/** Satisfies O_DIRECT on every disk: logical blocks have 512 to 4096 bytes. */
export const DIRECT_BLOCK = 4 * KiB;

/**
 * A second descriptor of the same file or block device, which moves bytes past the page cache (O_DIRECT in open(2)).
 * Undefined where the system has no such way, or where the name has been given to another file since. Closed by the
 * caller.
 * @param plain stays the caller's
 */
export async function openDirect(path: string, plain: FileHandle): Promise<FileHandle | undefined> {
  if (constants.O_DIRECT === undefined) return undefined;
  const direct = await open(path, constants.O_RDWR | constants.O_DIRECT).catch(() => undefined);
  if (direct === undefined || (await isSameFile(plain, direct))) return direct;
  await direct.close();
  return undefined;
}

async function isSameFile(a: FileHandle, b: FileHandle): Promise<boolean> {
  const [first, second] = [await a.stat(), await b.stat()];
  return first.dev === second.dev && first.ino === second.ino && first.rdev === second.rdev;
}
