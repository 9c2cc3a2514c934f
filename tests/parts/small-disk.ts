import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasTool, run } from '../../packages/engine/testing/tools.ts';

/** Whether a file system of a size of its own can be had. */
export const canMount = process.getuid?.() === 0 && hasTool('mount');

export interface SmallDisk extends AsyncDisposable {
  /** Takes all that is free. */
  fill(): Promise<void>;
  freeUp(): Promise<void>;
}

/** A file system in memory, at this folder. */
export async function smallDisk(folder: string, size: number): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'diskferry-test', folder]);
  const filler = join(folder, 'filler');
  return {
    fill: async () => {
      const { bavail, bsize } = await statfs(folder);
      // Who writes at the same moment may have the last of it.
      await writeFile(filler, Buffer.alloc(bavail * bsize)).catch((error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      });
    },
    freeUp: () => rm(filler),
    [Symbol.asyncDispose]: async () => void (await run('umount', [folder])),
  };
}
