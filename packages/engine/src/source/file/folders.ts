import { constants } from 'node:fs';
import { open, readlink, realpath, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
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
  const real = (await Promise.all(folders.map(realFolder))).filter((folder) => folder !== undefined);
  // A path that does not even begin in a listed folder is not opened: whether there is a file is not told either.
  if (![...folders, ...real].some((folder) => isBelow(resolve(folder), resolve(path)))) throw outside(path);
  const fixed = await fix(path);
  try {
    // The descriptor's name leads to its file and to no other.
    const name = `/proc/self/fd/${fixed.fd}`;
    const found = await readlink(name);
    if (!real.some((folder) => isBelow(folder, found))) throw outside(path);
    if (!(await fixed.stat()).isFile()) throw refused(path, 'is no regular file');
    return await openForReading(name, path);
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

function isBelow(folder: string, path: string): boolean {
  return path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

/** A folder that is listed and not there allows nothing. */
async function realFolder(folder: string): Promise<string | undefined> {
  try {
    return await realpath(folder);
  } catch {
    return undefined;
  }
}

function outside(path: string): DiskferryError {
  return refused(path, 'does not lie below a folder that is listed, once its links are resolved');
}

function refused(path: string, said: string): DiskferryError {
  return new DiskferryError('source-folder', `${path} ${said}`);
}
