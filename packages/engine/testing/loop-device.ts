import { truncate, writeFile } from 'node:fs/promises';
import { hasTool, run } from './tools.ts';

export interface LoopDevice extends AsyncDisposable {
  /** `/dev/loop0` */
  readonly path: string;
  /** Takes over the size that its file has now. */
  refresh(): Promise<void>;
}

/** Whether loop devices can be made here: that needs root, losetup and a kernel that lets containers have them. */
export async function hasLoopDevices(folder: string): Promise<boolean> {
  if (process.getuid?.() !== 0 || !hasTool('losetup')) return false;
  const path = `${folder}/loop-probe`;
  await writeFile(path, '');
  await truncate(path, 1024 * 1024);
  try {
    await using _device = await loopDevice(path);
    return true;
  } catch {
    return false;
  }
}

/** A block device over a file, given back when it is disposed. */
export async function loopDevice(file: string, options: readonly string[] = []): Promise<LoopDevice> {
  const path = (await run('losetup', ['--find', '--show', ...options, file])).trim();
  return {
    path,
    refresh: async () => void (await run('losetup', ['--set-capacity', path])),
    [Symbol.asyncDispose]: async () => {
      await run('losetup', ['--detach', path]);
    },
  };
}

/** A partition of 1 MiB at 1 MiB, told to the kernel alone: the device needs `--partscan`, and no table is written. */
export async function addPartition(disk: string): Promise<AsyncDisposable & { readonly path: string }> {
  await run('addpart', [disk, '1', '2048', '2048']);
  return { path: `${disk}p1`, [Symbol.asyncDispose]: async () => void (await run('delpart', [disk, '1'])) };
}
