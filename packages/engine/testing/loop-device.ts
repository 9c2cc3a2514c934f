import { truncate, writeFile } from 'node:fs/promises';
import { hasTool, run } from './tools.ts';

export interface LoopDevice extends AsyncDisposable {
  /** `/dev/loop0` */
  readonly path: string;
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
    [Symbol.asyncDispose]: async () => {
      await run('losetup', ['--detach', path]);
    },
  };
}
