import { readdir, readFile } from 'node:fs/promises';

/**
 * Which process is a guest's. A pid alone says nothing: it is given to another process later. Pid and start time name one
 * process of this boot of the machine, and the launch that stands in its arguments as `-name` says whose it is.
 */
export interface ProcessIdentity {
  readonly pid: number;
  /** In ticks since the machine was booted, as /proc has it. */
  readonly startTime: string;
}

/**
 * Undefined where there is no such process, or only its remains: a zombie has no disk open any more, once its threads have
 * ended as well.
 */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  if (stat === undefined) return undefined;
  // proc_pid_stat(5): the second field is the name in parentheses, which may hold blanks and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, threads, startTime] = [FIELD.state, FIELD.threads, FIELD.startTime].map(
    (at) => fields[at - FIELD.state],
  );
  if (startTime === undefined || ((state === 'Z' || state === 'X') && Number(threads) <= 1)) return undefined;
  return { pid, startTime };
}

const FIELD = { state: 3, threads: 20, startTime: 22 } as const;

export async function isGuest({ pid, startTime }: ProcessIdentity, launch: string): Promise<boolean> {
  if ((await identify(pid))?.startTime !== startTime) return false;
  const args = await argumentsOf(pid);
  // A process that is ending has lost its arguments before it closes its disks: it still is who it was.
  return args.length === 0 || isNamed(args, launch);
}

/** The process of this launch. */
export async function findGuest(launch: string): Promise<ProcessIdentity | undefined> {
  for (const name of await readdir('/proc')) {
    if (/^\d+$/.test(name) && isNamed(await argumentsOf(Number(name)), launch)) return await identify(Number(name));
  }
  return undefined;
}

async function argumentsOf(pid: number): Promise<string[]> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return text.split('\0').slice(0, -1);
}

/** As a name that was given, not as any word: somebody may be looking for the launch in a list of processes. */
function isNamed(args: readonly string[], launch: string): boolean {
  return args.some((arg, index) => arg === launch && args[index - 1] === '-name');
}
