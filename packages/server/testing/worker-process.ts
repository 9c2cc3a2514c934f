import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export interface WorkerProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  /** What it has logged, for when something goes wrong. */
  readonly log: () => string;
  /** Settles when it has ended; with -9 nothing of it runs any more. */
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** A worker in a process of its own; see worker-child.ts. @returns when it works */
export async function startWorkerProcess(where: string, folder: string, leaseMs: number): Promise<WorkerProcess> {
  const script = join(import.meta.dirname, 'worker-child.ts');
  const child = spawn(process.execPath, [script, where, folder, `${leaseMs}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  const { stdout, stderr, pid } = child;
  let log = '';
  stderr.on('data', (chunk: Buffer) => (log = `${log}${chunk}`.slice(-20_000)));
  const ended = once(child, 'exit');
  await Promise.race([once(stdout, 'data'), ended]);
  if (pid === undefined || child.exitCode !== null) throw new Error(`the worker ended at its start: ${log}`);
  return {
    pid,
    child,
    log: () => log,
    kill: async (signal) => {
      child.kill(signal);
      await ended;
    },
  };
}
