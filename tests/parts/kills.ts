import { rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '../../packages/engine/testing/seeded.ts';
import { begin, reportOf, type CopyReport, type Finished } from './command.ts';
import { expectSameBytes } from './same-bytes.ts';

/** A copy that is killed again and again, and what has to come of it. */
export interface Siege {
  readonly title: string;
  readonly seed: number;
  /** How many kills, and the most that the siege may take: a slow machine makes fewer kills, not a longer day. */
  readonly kills: number;
  readonly source: string;
  readonly target: string;
  /** Where its checkpoint lies; default beside it. */
  readonly state?: string;
  /** The file that holds the target's bytes, where the target is a device. */
  readonly medium?: string;
  /** The disk that every completed copy must have become. */
  readonly oracle: string;
  readonly flags: readonly string[];
  /** Flags of the first run on a target alone: until there is a checkpoint to go on from. */
  readonly firstFlags?: readonly string[];
  /** Makes the target ready for another copy; by default it is removed. */
  readonly renew?: () => Promise<void>;
}

export interface Outcome {
  kills: number;
  completed: number;
  /** Copies that went on from what a killed one had done. */
  resumed: number;
}

const VERIFY = ['written', 'none'] as const;

/**
 * Runs the command, kills it at a moment drawn from the seed, runs the same command again. A run that comes to its end
 * must have ended well, with the oracle's bytes and without a checkpoint; then the next copy begins.
 */
export async function besiege(siege: Siege): Promise<Outcome> {
  const random = seededRandom(siege.seed);
  const outcome: Outcome = { kills: 0, completed: 0, resumed: 0 };
  let usual = Infinity;
  while (outcome.kills < siege.kills) {
    await (siege.renew?.() ?? rm(siege.target, { force: true }));
    const verify = VERIFY[outcome.completed % 2] as string;
    const command = [
      'copy',
      siege.source,
      siege.target,
      '--json',
      '--verify',
      verify,
      '--state',
      checkpointOf(siege),
      ...siege.flags,
    ];
    for (;;) {
      const flags = (await isThere(checkpointOf(siege))) ? [] : (siege.firstFlags ?? []);
      const after = outcome.kills < siege.kills ? moment(random) * usual : Infinity;
      const finished = await runAndKill([...command, ...flags], after);
      if (finished.signal === 'SIGKILL') outcome.kills++;
      if (finished.signal === 'SIGKILL' && finished.stdout === '') continue;
      const report = await expectLanded(siege, finished, `kill ${outcome.kills}, seed ${siege.seed}`);
      if (report.resumedBytes > 0) outcome.resumed++;
      else usual = Math.min(usual, finished.ms);
      outcome.completed++;
      break;
    }
  }
  return outcome;
}

/** As a share of a run: mostly in its middle, where there is most to lose, and now and then about its end. */
function moment(random: () => number): number {
  return random() < 0.75 ? 0.15 + 0.65 * random() : 0.8 + 0.25 * random();
}

async function runAndKill(args: readonly string[], afterMs: number): Promise<Finished> {
  const running = begin(args);
  if (afterMs === Infinity) return running.finished;
  const stop = new AbortController();
  const killing = sleep(afterMs, undefined, { signal: stop.signal }).then(
    () => running.kill('SIGKILL'),
    () => undefined,
  );
  const finished = await running.finished;
  stop.abort();
  await killing;
  return finished;
}

/** It has said that it is done, or it was not killed: then it must be. Only a kill after its word may leave a checkpoint. */
async function expectLanded(siege: Siege, finished: Finished, where: string): Promise<CopyReport> {
  const { code, signal, stdout, stderr } = finished;
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`${siege.title}, ${where}: ${code}: ${stderr}`);
  await expectSameBytes(siege.medium ?? siege.target, siege.oracle, { zerosBehind: true });
  if (code === 0 && (await isThere(checkpointOf(siege)))) {
    throw new Error(`${siege.title}, ${where}: the checkpoint is still there`);
  }
  await rm(checkpointOf(siege), { force: true });
  return reportOf({ ...finished, code: 0, stdout });
}

function checkpointOf(siege: Siege): string {
  return siege.state ?? `${siege.target}.diskferry`;
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
