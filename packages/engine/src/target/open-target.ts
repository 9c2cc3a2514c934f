import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { DiskferryError, systemCode } from '../base/errors.ts';
import { openBlockTarget } from './block/open-block-target.ts';
import { type FileOptions, openFileTarget } from './file/open-file-target.ts';
import { asLocalError } from './local/local-errors.ts';
import { type TargetLocator, parseTargetLocator } from './locator.ts';
import type { NbdOptions } from './nbd/open-nbd-target.ts';
import { NullTarget } from './null/null-target.ts';
import type { Target } from './target.ts';

/** `create` is also the size of `null:`; what a kind of target has no use for is passed over. */
export interface OpenTargetOptions extends FileOptions, NbdOptions {}

/**
 * Opens what a person named as the target. What is found decides between a file and a block device; anything else that
 * has a name in the file system is refused.
 * @throws DiskferryError `usage`, `target-*`
 */
export async function openTarget(where: string | TargetLocator, options: OpenTargetOptions = {}): Promise<Target> {
  const locator = typeof where === 'string' ? parseTargetLocator(where) : where;
  options.signal?.throwIfAborted();
  switch (locator.kind) {
    case 'nbd': {
      const { openNbdTarget } = await import('./nbd/open-nbd-target.ts');
      return await openNbdTarget(locator.address, options);
    }
    case 'null':
      return new NullTarget(nullSize(options));
    case 'path':
      return await openPath(locator.path, options);
  }
}

function nullSize({ create }: OpenTargetOptions): number {
  if (create !== undefined) return create;
  throw new DiskferryError('usage', 'null: needs a size', { hint: 'Give --create with the size.' });
}

async function openPath(path: string, options: OpenTargetOptions): Promise<Target> {
  const found = await lookAt(path);
  if (found === undefined) {
    if (options.create === undefined) throw new DiskferryError('target-not-found', `${path} does not exist`);
    await assertNoDeviceFolder(path);
    return await openFileTarget(path, options);
  }
  if (found.isBlockDevice()) return await openBlockTarget(path);
  if (found.isFile()) return await openFileTarget(path, options);
  throw new DiskferryError('target-unsupported', `${path} is ${kindOf(found)}; a target is a file or a block device`);
}

async function lookAt(path: string): Promise<Stats | undefined> {
  try {
    return await stat(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw asLocalError(error, { label: path, verb: 'open' });
  }
}

/** A disk that is not plugged in must not be made as a file in /dev, which lies in memory. */
async function assertNoDeviceFolder(path: string): Promise<void> {
  const folder = await realpath(dirname(resolve(path))).catch(() => '');
  const isForDevices = /^\/dev(\/|$)/.test(folder) && !/^\/dev\/shm(\/|$)/.test(folder);
  if (isForDevices)
    throw new DiskferryError('target-not-found', `${path}: no such device; no file is made in ${folder}`);
}

function kindOf(found: Stats): string {
  if (found.isDirectory()) return 'a directory';
  if (found.isFIFO()) return 'a fifo';
  if (found.isCharacterDevice()) return 'a character device';
  return found.isSocket() ? 'a socket' : 'of no known kind';
}
