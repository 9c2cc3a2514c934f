import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ProviderError } from '../provider-error.ts';
import { attempt, removeDurably, syncFolder } from './durable.ts';
import { openLocked } from './file-lock.ts';
import type { Folders } from './folders.ts';
import type { VolumeRecord } from './records.ts';

/** A sparse file as a disk: its size is that of the volume, and its lock is held by who writes it. */
export function makeFile(path: string, size: number): Promise<void> {
  return attempt(path, async () => {
    try {
      await using file = await open(path, 'wx', 0o600);
      await file.truncate(size);
      await file.sync();
    } catch (error) {
      await removeDurably(path);
      throw error;
    }
    await syncFolder(dirname(path));
  });
}

/**
 * The disk, locked against everybody else until the handle is closed, and not longer than recorded.
 * @throws ProviderError `volume-in-use`
 */
export async function lockFile(folders: Folders, { id, size }: VolumeRecord): Promise<FileHandle> {
  const handle = await openLocked(folders.disk(id), 'r+');
  if (handle === undefined) throw new ProviderError('volume-in-use', `${id} is open: a copy or a guest writes it`);
  try {
    if ((await handle.stat()).size > size) await giveSize(folders.disk(id), { handle, size });
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

export async function growFile(folders: Folders, volume: VolumeRecord, size: number): Promise<void> {
  await using handle = await lockFile(folders, volume);
  await giveSize(folders.disk(volume.id), { handle, size });
}

function giveSize(path: string, { handle, size }: { handle: FileHandle; size: number }): Promise<void> {
  return attempt(path, async () => {
    await handle.truncate(size);
    await handle.sync();
  });
}

/** What is wrong with it. A longer one is what a growth leaves that was not recorded: it is cut. */
export async function faultOfFile(folders: Folders, { id, size }: VolumeRecord): Promise<string | undefined> {
  const found = await stat(folders.disk(id)).catch(() => undefined);
  if (found === undefined) return 'its disk is gone';
  return found.size < size ? `its disk has ${found.size} bytes of ${size}` : undefined;
}
