import { stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from './entrant.ts';
import type { Input } from './inputs.ts';
import { runShell } from './run-shell.ts';
import { line } from './shell.ts';

/**
 * Throws unless the landed disk has every byte of the case's truth. qemu-img steps over the holes of both.
 * `folder` is where the target is; `truth` is undefined when the disk is to be all zeros.
 */
export async function compareDisk(
  { input, target, which }: Job,
  { folder, truth }: { folder: string; truth: Input | undefined },
): Promise<void> {
  const landed = join(folder, target);
  const { size } = await stat(landed);
  if (size !== input.virtualSize) throw new Error(`landed ${size} bytes of ${input.virtualSize}`);
  const format = which.truth === 'zeros' ? 'raw' : which.truth.format;
  const truthPath = truth?.path ?? (await makeZeros(join(folder, 'zeros'), size));
  await runShell(line('qemu-img', 'compare', '-f', 'raw', '-F', format, landed, truthPath));
}

/** Not the empty image itself: qemu-img would look at each of its hundred million grains. */
async function makeZeros(path: string, size: number): Promise<string> {
  await writeFile(path, '');
  await truncate(path, size);
  return path;
}
