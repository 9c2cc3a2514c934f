import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Finished, Running } from './command.ts';

export interface Watched extends Finished {
  /** The most that all threads of the process ever held in memory at once, in bytes. */
  readonly peak: number;
}

/** Runs to the end with an eye on VmHWM (proc_pid_status(5)): the kernel keeps the peak, so looking now and then is enough. */
export async function watched(running: Running): Promise<Watched> {
  let peak = 0;
  const over = running.finished.then(() => true);
  const isOver = () => Promise.race([over, sleep(20, false)]);
  while (!(await isOver())) {
    const status = await readFile(`/proc/${running.pid}/status`, 'latin1').catch(() => '');
    peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024);
  }
  return { ...(await running.finished), peak };
}
