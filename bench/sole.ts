import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Keeps a second benchmark out of the folder: the two would spoil each other's files, and their numbers. */
export async function soleRun(work: string): Promise<AsyncDisposable> {
  const path = join(work, 'running');
  await mkdir(work, { recursive: true });
  const other = Number(await readFile(path, 'utf8').catch(() => '0'));
  if (other > 0 && isAlive(other)) throw new Error(`process ${other} is measuring in ${work}; wait for it`);
  await writeFile(path, String(process.pid));
  return { [Symbol.asyncDispose]: () => rm(path, { force: true }) };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
