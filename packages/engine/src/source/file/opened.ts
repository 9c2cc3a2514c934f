import { constants } from 'node:fs';
import { open, readFile, type FileHandle } from 'node:fs/promises';
import { DiskferryError, systemCode } from '../../base/errors.ts';
import type { Identity } from '../source.ts';

/** A file or block device opened for reading, and what it was when it was opened. */
export interface Opened {
  readonly handle: FileHandle;
  readonly size: number;
  /** Changes when the content is written or another file takes the name. */
  readonly version: string;
}

/**
 * @param shown how messages name the file
 * @throws DiskferryError `source-not-found`, `source-denied`, `source-read`
 */
export async function openForReading(path: string, shown: string = path): Promise<Opened> {
  let handle: FileHandle;
  try {
    // O_NONBLOCK: a FIFO without a writer would hang the open; files and devices do not mind.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw readError(shown, error);
  }
  try {
    return { handle, ...(await stateOf(handle, shown)) };
  } catch (error) {
    await handle.close();
    throw readError(shown, error);
  }
}

async function stateOf(handle: FileHandle, path: string): Promise<{ size: number; version: string }> {
  const stat = await handle.stat({ bigint: true });
  if (stat.isFile()) return { size: Number(stat.size), version: `${stat.dev}-${stat.ino}-${stat.mtimeNs}` };
  if (stat.isBlockDevice()) return { size: await deviceSize(stat.rdev), version: `device-${stat.rdev}` };
  const kind = stat.isDirectory() ? 'a directory' : 'neither a file nor a block device';
  throw new DiskferryError('source-read', `${path} is ${kind}`);
}

/** In bytes: the kernel counts devices in units of 512, whatever their sector size is. */
async function deviceSize(rdev: bigint): Promise<number> {
  return Number((await readFile(`/sys/dev/block/${deviceNumbers(rdev)}/size`, 'latin1')).trim()) * 512;
}

/** `major:minor` of a device as the C library packs them (gnu_dev_major). */
export function deviceNumbers(rdev: bigint): string {
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & ~0xffn);
  return `${major}:${minor}`;
}

/** @throws DiskferryError `source-changed` */
export async function checkUnchanged(opened: Opened, path: string): Promise<void> {
  const now = await stateOf(opened.handle, path);
  if (now.version === opened.version && now.size === opened.size) return;
  throw new DiskferryError('source-changed', `${path} was written to while it was read`);
}

/** @throws DiskferryError `source-changed` */
export function checkExpected(opened: Opened, expect: Identity, path: string): void {
  if (expect.size !== undefined && expect.size !== opened.size) {
    throw new DiskferryError('source-changed', `${path} has ${opened.size} bytes now, it had ${expect.size}`);
  }
  if (expect.version !== undefined && expect.version !== opened.version) {
    throw new DiskferryError('source-changed', `${path} is another file now, or it was written to`);
  }
}

export function readError(path: string, error: unknown): DiskferryError {
  if (error instanceof DiskferryError) return error;
  const code = systemCode(error);
  const detail = { cause: error };
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new DiskferryError('source-not-found', `${path}: ${code}`, detail);
  if (code === 'EACCES' || code === 'EPERM') return new DiskferryError('source-denied', `${path}: ${code}`, detail);
  return new DiskferryError('source-read', `${path}: ${code ?? String(error)}`, detail);
}
