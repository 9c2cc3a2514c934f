import { execFile } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { hasTool } from '../packages/engine/testing/tools.ts';
import { compareDisk } from './compare.ts';
import type { Entrant, Job } from './entrant.ts';
import type { Input } from './inputs.ts';
import { runTimed, Stalled, type TimedRun, type Timing } from './run-timed.ts';
import { MIB } from './units.ts';

/** Bytes in and out a second: nothing that goes on at all is slower. */
const SLOWEST_RATE = 32 * MIB;

export interface Row {
  readonly name: string;
  readonly kind: Entrant['kind'];
  /** One for each round, in order. Empty when it was left out. */
  readonly timings: readonly Timing[];
  /** Why it was left out. */
  readonly leftOut?: string;
  /** What our own command said of its last run (`--json`). */
  readonly said?: unknown;
}

interface Ground {
  /** The run's own folder: made for each run, removed after it. On the filesystem that is measured. */
  readonly folder: string;
  /** Undefined: zeros. */
  readonly truth: Input | undefined;
  readonly rounds: number;
  readonly say: (text: string) => void;
}

/** Runs all entrants of one case in turn, round after round. Who begins changes, so that nobody always follows the same. */
export async function measureCase(job: Job, entrants: readonly Entrant[], ground: Ground): Promise<Row[]> {
  const rows = new Map(
    entrants.filter(({ command }) => command(job) !== undefined).map((entrant) => [entrant, firstRow(entrant)]),
  );
  const order = [...rows.keys()];
  for (let round = 0; round < ground.rounds; round++) {
    for (const entrant of rotated(order, round)) {
      const row = rows.get(entrant)!; // keys are what `order` was made of
      if (row.leftOut !== undefined) continue;
      rows.set(entrant, await runOnce(job, entrant, { row, ground }));
    }
  }
  return [...rows.values()];
}

function firstRow({ name, kind, needs }: Entrant): Row {
  const missing = needs.filter((tool) => !hasTool(tool));
  const leftOut = missing.length === 0 ? {} : { leftOut: `needs ${missing.join(', ')}` };
  return { name, kind, timings: [], ...leftOut };
}

/** One that fails is out for the rest of the case: a peer may not know a format, and says so itself. */
async function runOnce(job: Job, entrant: Entrant, { row, ground }: { row: Row; ground: Ground }): Promise<Row> {
  const title = `${job.which.name}: ${row.name}`;
  try {
    const { timing, stdout } = await runAgainIfStalled(job, entrant, ground);
    ground.say(`${title}: ${timing.wallSeconds} s`);
    return {
      ...row,
      timings: [...row.timings, timing],
      ...(entrant.kind === 'ours' ? { said: lastLine(stdout) } : {}),
    };
  } catch (error) {
    const leftOut = error instanceof Error ? error.message : String(error);
    ground.say(`${title}: left out: ${leftOut}`);
    return { ...row, timings: [], leftOut };
  } finally {
    await rm(ground.folder, { recursive: true, force: true });
  }
}

/** A peer that stalls gets a second try, and the time of that one alone; ours must never stall. */
async function runAgainIfStalled(job: Job, entrant: Entrant, ground: Ground): Promise<TimedRun> {
  try {
    return await land(job, entrant, ground);
  } catch (error) {
    if (!(error instanceof Stalled) || entrant.kind === 'ours') throw error;
    ground.say(`${job.which.name}: ${entrant.name}: ${error.message}, tried again`);
    return land(job, entrant, ground);
  }
}

async function land(job: Job, entrant: Entrant, { folder, truth }: Ground): Promise<TimedRun> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await settleDisk();
  const longestSeconds = Math.ceil(30 + (job.input.bytes + job.input.data) / SLOWEST_RATE);
  const run = await runTimed(entrant.command(job) ?? 'true', { folder, longestSeconds });
  if (entrant.kind !== 'limit') await compareDisk(job, { folder, truth });
  return run;
}

function lastLine(stdout: string): unknown {
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null');
}

/** What the run before left to be written or given back would be paid by the next one. */
async function settleDisk(): Promise<void> {
  await promisify(execFile)('sync');
}

export function rotated<T>(items: readonly T[], by: number): T[] {
  const start = items.length === 0 ? 0 : by % items.length;
  return [...items.slice(start), ...items.slice(0, start)];
}

export function runFolder(work: string): string {
  return join(work, 'run');
}
