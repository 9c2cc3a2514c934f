import { constants } from 'node:fs';
import { open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { DiskferryError } from '../../base/errors.ts';
import { openForReading, readError, type Opened } from './opened.ts';

/** From the kernel's asm-generic/fcntl.h; Node has no name for it. The same on x64 and arm64. */
const O_PATH = 0o10000000;

/**
 * Opens a regular file that lies below one of the folders, whatever symbolic links the path goes through. The file is
 * fixed first, by a descriptor that can neither read nor wake a device (O_PATH); the kernel tells where it lies, and then
 * that very file is opened. So nobody can put another one there between the check and the reading.
 *
 * A hard link lies where its name does: who may write to a listed folder may link there what he owns.
 * @throws DiskferryError `source-folder`, `source-not-found`, `source-denied`, `source-read`
 */
export async function openBelow(folders: readonly string[], path: string): Promise<Opened> {
  const fixed = await fix(path);
  try {
    const where = await requireBelow(folders, fixed, path);
    if (!(await fixed.stat()).isFile()) throw refused(path, 'is no regular file');
    return await openForReading(where, path);
  } finally {
    await fixed.close();
  }
}

async function fix(path: string): Promise<FileHandle> {
  try {
    return await open(path, O_PATH | constants.O_RDONLY);
  } catch (error) {
    throw readError(path, error);
  }
}

/** @returns a name that leads to the descriptor's file and to no other */
async function requireBelow(folders: readonly string[], { fd }: FileHandle, path: string): Promise<string> {
  const name = `/proc/self/fd/${fd}`;
  const found = await readlink(name);
  for (const folder of folders) {
    const real = await realFolder(folder);
    if (real !== undefined && found.startsWith(real === '/' ? real : `${real}/`)) return name;
  }
  throw refused(path, 'does not lie below a folder that is listed, once its links are resolved');
}

/** A folder that is listed and not there allows nothing. */
async function realFolder(folder: string): Promise<string | undefined> {
  try {
    return await realpath(folder);
  } catch {
    return undefined;
  }
}

function refused(path: string, said: string): DiskferryError {
  return new DiskferryError('source-folder', `${path} ${said}`);
}
