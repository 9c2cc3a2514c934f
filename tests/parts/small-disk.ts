import { mkdir, rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasTool, run } from '../../packages/engine/testing/tools.ts';

/** Whether a file system of a size of its own can be had. */
export const canMount = process.getuid?.() === 0 && hasTool('mount');

export interface SmallDisk extends AsyncDisposable {
  /** Takes all that is free, but for so many bytes. */
  fill(butFor?: number): Promise<void>;
  freeUp(): Promise<void>;
}

/** A file system in memory, at this folder. */
export async function smallDisk(folder: string, size: number): Promise<SmallDisk> {
  await mkdir(folder, { recursive: true });
  await run('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=0700`, 'diskferry-test', folder]);
  const filler = join(folder, 'filler');
  return {
    fill: async (butFor = 0) => {
      const { bavail, bsize } = await statfs(folder);
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - butFor)));
    },
    freeUp: () => rm(filler),
    [Symbol.asyncDispose]: async () => void (await run('umount', [folder])),
  };
}
