import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { toolPath } from '../packages/engine/testing/tools.ts';
import { KIB } from './units.ts';

export interface Timing {
  readonly wallSeconds: number;
  /** Of all processes of the line and all their threads, in user and kernel mode; the server's are not in it. */
  readonly cpuSeconds: number;
  /** Resident memory of the largest process at its peak, all threads. The page cache is not in it. */
  readonly peakBytes: number;
}

interface Limits {
  readonly folder: string;
  readonly longestSeconds: number;
}

/** qemu's HTTP client waits for ever now and then, using no time at all. */
export class Stalled extends Error {}

export interface TimedRun {
  readonly timing: Timing;
  readonly stdout: string;
}

/**
 * Runs a bash line in `folder` under GNU time. Its numbers cover every process that was waited for: bash waits for all
 * of a pipeline, nbdkit `--run` for its server. Throws with the end of what was said when any part fails, and `Stalled` when it takes longer
 * than `longestSeconds`.
 */
export async function runTimed(command: string, { folder, longestSeconds }: Limits): Promise<TimedRun> {
  const report = join(folder, 'time.txt');
  const words = ['-o', report, '-f', '%e %U %S %M', 'bash', '-c', `set -o pipefail; ${command}`];
  const child = spawn(toolPath('time') ?? 'time', words, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const endGroup = (): void => void (child.pid !== undefined && process.kill(-child.pid, 'SIGKILL'));
  let isStalled = false;
  const timer = setTimeout(() => {
    isStalled = true;
    endGroup();
  }, longestSeconds * 1000);
  process.once('exit', endGroup);
  try {
    const ended = once(child, 'close') as Promise<[number | null]>;
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
    if (isStalled) throw new Stalled(`not done after ${longestSeconds} s`);
    if (code !== 0)
      throw new Error(
        `${code === null ? 'was killed' : `ended with ${code}`}: ${stderr.trim().replaceAll(/\s+/g, ' ').slice(-300)}`,
      );
    return { timing: parseTimes(await readFile(report, 'utf8')), stdout };
  } finally {
    clearTimeout(timer);
    process.removeListener('exit', endGroup);
  }
}

/** `12.34 5.60 7.80 90123`: wall, user, kernel, KiB. */
export function parseTimes(report: string): Timing {
  const [wall = NaN, user = NaN, kernel = NaN, peak = NaN] = report.trim().split(' ').map(Number);
  const timing = { wallSeconds: wall, cpuSeconds: user + kernel, peakBytes: peak * KIB };
  if (Object.values(timing).some(Number.isNaN)) throw new Error(`GNU time wrote ${report}`);
  return timing;
}
