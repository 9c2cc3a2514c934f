import { type FileHandle, constants, open, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KiB, MiB } from '../../base/align.ts';
import { DiskferryError, systemCode } from '../../base/errors.ts';
import { lockExclusive, punchHole, seekData } from '../../base/system-calls.ts';
import { asLocalError } from '../local/local-errors.ts';
import { openDirect } from '../local/direct-handle.ts';
import { FileTarget } from './file-target.ts';

export interface FileOptions {
  /** Makes the file, sparse and of this size in bytes, where there is none; an empty file gets the size. */
  readonly create?: number | undefined;
  /** With `create`: a file that is already there is an error (`target-occupied`). */
  readonly exclusive?: boolean | undefined;
  /** The caller may overwrite everything: the content is thrown away, and the size becomes that of `create`. */
  readonly fresh?: boolean | undefined;
}

/**
 * Opens or makes a regular file as a target and locks it against a second copy.
 * @throws DiskferryError `target-not-found`, `target-not-writable`, `target-occupied`, `target-in-use`,
 *   `target-unsupported` (no regular file), `target-too-small` (the file system has no files of that size)
 */
export async function openFileTarget(path: string, options: FileOptions = {}): Promise<FileTarget> {
  const handle = await openOrCreate(path, options);
  try {
    await assertRegular(handle, path);
    if (lockExclusive(handle.fd) === false) {
      throw new DiskferryError('target-in-use', `${path} is being written by another copy`);
    }
    const created = await giveSize(handle, path, options);
    if (options.fresh === true && !created) await empty(handle);
    return await asTarget(handle, path, created);
  } catch (error) {
    await handle.close();
    throw asLocalError(error, { label: path, verb: 'open' });
  }
}

/** O_NONBLOCK: a name that has become a fifo must not hold the process up. */
async function openOrCreate(path: string, options: FileOptions): Promise<FileHandle> {
  const flags = constants.O_RDWR | constants.O_NONBLOCK;
  try {
    if (options.create === undefined) return await open(path, flags);
    return await open(path, flags | constants.O_CREAT | (options.exclusive === true ? constants.O_EXCL : 0), 0o666);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') {
      throw new DiskferryError('target-occupied', `${path} exists already`, { cause: error });
    }
    throw asLocalError(error, { label: path, verb: 'open' });
  }
}

async function assertRegular(handle: FileHandle, path: string): Promise<void> {
  const stat = await handle.stat();
  if (!stat.isFile()) throw new DiskferryError('target-unsupported', `${path} is no regular file`);
}

/** Whether the size was given by us. The name and the size survive a power cut when this settles. */
async function giveSize(handle: FileHandle, path: string, options: FileOptions): Promise<boolean> {
  const { size } = await handle.stat();
  const { create } = options;
  if (create === undefined || size === create || (size > 0 && options.fresh !== true)) return false;
  await handle.truncate(0);
  await handle.truncate(create);
  await handle.sync();
  await using folder = await open(dirname(await realpath(path)));
  await folder.sync();
  return true;
}

async function empty(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  await handle.truncate(0);
  await handle.truncate(size);
  await handle.sync();
}

async function asTarget(handle: FileHandle, path: string, created: boolean): Promise<FileTarget> {
  const { size, ino, birthtimeNs } = await handle.stat({ bigint: true });
  const bytes = Number(size);
  const name = await realpath(path);
  return new FileTarget({
    label: path,
    // A file that is removed and made again has another inode or another time of birth: old checkpoints do not fit it.
    identity: `file:${name}:${ino}:${birthtimeNs}:${bytes}`,
    size: bytes,
    traits: {
      align: 1,
      preferred: 2 * MiB,
      writers: 4,
      startsZeroed: bytes === 0 || seekData(handle.fd, 0) === 'end',
      fastZero: await canPunch(handle, bytes),
    },
    handle,
    created,
    direct: await openDirect(name, handle),
  });
}

/** Asks by punching behind the end of the file, where there is nothing to lose. */
async function canPunch(handle: FileHandle, size: number): Promise<boolean> {
  const behind = Math.ceil(size / (4 * KiB)) * 4 * KiB;
  return await punchHole(handle.fd, behind, 4 * KiB).catch(() => false);
}
