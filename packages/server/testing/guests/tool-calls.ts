import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { run, toolPath } from '../../../engine/testing/tools.ts';

/** Runs a program that reads from its standard input. */
export async function runWith(input: string, name: string, args: readonly string[]): Promise<void> {
  const running = promisify(execFile)(toolPath(name) ?? name, [...args]);
  running.child.stdin?.end(input);
  await running;
}

/** Runs a program to which every file belongs to root, as it does in a guest, whoever we are. */
export async function runAsRoot(name: string, args: readonly string[]): Promise<void> {
  if (process.getuid?.() === 0) await run(name, args);
  else await run('fakeroot', [toolPath(name) ?? name, ...args]);
}
