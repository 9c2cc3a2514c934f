import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

type Task = 'create' | 'claim' | 'work';

/** A process of its own that opens the store and does a task; see `store-child.ts`. */
export function startChild(where: string, task: Task, name: string): ChildProcess {
  const script = join(import.meta.dirname, 'store-child.ts');
  return spawn(process.execPath, [script, where, task, name], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Runs it to its end, and gives the lines that it printed. */
export async function runChild(where: string, task: Task, name: string): Promise<string[]> {
  const child = startChild(where, task, name);
  if (!child.stdout) throw new Error('the child has no output');
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[number | null]>]);
  if (code !== 0) throw new Error(`${task} of ${name} ended with ${code}`);
  return printed.split('\n').filter(Boolean);
}
