import type { Stage } from '@diskferry/protocol';
import { ServiceError } from '../base/errors.ts';
import { advance } from '../migrations/advance.ts';
import type { WorkerEvent } from '../migrations/event.ts';
import { mayGoOn } from '../migrations/images.ts';
import type { Migration } from '../migrations/migration.ts';
import { isStage } from '../migrations/stages.ts';
import { eventOf, failureOf } from './failures.ts';
import { holdAll, needsNoHolds, releaseAll } from './holds.ts';
import { makeReceipt } from './make-receipt.ts';
import { persist } from './persist.ts';
import { checking } from './stages/checking.ts';
import type { DoStage } from './stages/stage.ts';
import { proving } from './stages/proving.ts';
import { starting } from './stages/starting.ts';
import { stopping } from './stages/stopping.ts';
import { transferring } from './stages/transferring.ts';
import { verifying } from './stages/verifying.ts';
import type { Work } from './work.ts';

const STAGES: Readonly<Record<Stage, DoStage>> = {
  checking,
  stopping,
  transferring,
  verifying,
  proving,
  starting,
};
/** Stages that are left where a person asks for it. */
const BREAKABLE: readonly Stage[] = ['checking', 'transferring', 'verifying', 'proving'];

/**
 * Does the stages of a migration that was claimed, until it is over, waits or is paused. What stands in the log decides
 * what is next; so it does not matter who did the stage before, nor whether it came to its end.
 * @param work its signal aborts when the worker ends
 * @throws LeaseLost; the reason of the signal
 */
export async function runMigration(work: Work): Promise<void> {
  if (!(await isTaken(work))) return;
  for (;;) {
    const { state } = work.lease.migration.standing;
    if (!isStage(state)) break;
    work.live.enters(state);
    work.say('info', `stage: ${state}`);
    await conclude(work, await runStage(work, state));
  }
  await afterwards(work);
}

/** A person may have paused or cancelled it between the claim and the first word. */
async function isTaken({ lease, shared, say }: Work): Promise<boolean> {
  try {
    await lease.append({ kind: 'taken', worker: shared.id });
    say('info', `taken by ${shared.id} (version ${shared.version}), lease ${lease.fence}`);
    return true;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'illegal-transition') return false;
    throw error;
  }
}

async function runStage(work: Work, stage: Stage): Promise<WorkerEvent> {
  const isBreakable = BREAKABLE.includes(stage);
  using asked = whenAsked(work, isBreakable);
  const within: Work = { ...work, signal: AbortSignal.any([work.signal, work.lease.signal, asked.signal]) };
  try {
    within.signal.throwIfAborted();
    return await persist(within, async () => {
      if (stage !== 'checking') await holdAll(work.shared.provider, work.lease.migration);
      return await STAGES[stage](within);
    });
  } catch (error) {
    // A lost lease comes before all else: nothing may be said any more. A worker that ends says nothing either.
    work.lease.requireHeld();
    work.signal.throwIfAborted();
    if (asked.signal.aborted) return await askedEvent(work);
    return await endedBy(work, error);
  }
}

/** Aborts as soon as it is seen that a person wants to pause or to cancel. */
function whenAsked({ lease }: Work, isBreakable: boolean): { readonly signal: AbortSignal } & Disposable {
  const abort = new AbortController();
  const look = ({ asked }: Migration) => {
    if (asked !== null && isBreakable) abort.abort(new Error(`a person asked to ${asked}`));
  };
  const forget = lease.onSeen(look);
  look(lease.migration);
  return { signal: abort.signal, [Symbol.dispose]: forget };
}

async function askedEvent(work: Work): Promise<WorkerEvent> {
  if (work.lease.migration.asked === 'pause') return { kind: 'paused' };
  return { kind: 'cancelled', goesOn: await canGoOn(work) };
}

async function endedBy(work: Work, error: unknown): Promise<WorkerEvent> {
  const failure = failureOf(error);
  const about = { stage: work.lease.migration.standing.state, code: failure.code };
  const isFault = failure.code === 'internal-error' && error instanceof Error;
  if (isFault) work.shared.log('error', error.stack ?? error.message, { migration: work.lease.id, ...about });
  work.say('warn', `${failure.code}: ${failure.message}`, about);
  return eventOf(failure, { goesOn: await canGoOn(work) });
}

/** Only what has digests can be seen to be as it was left, once others may write to the disk. */
async function canGoOn({ lease, checkpoints }: Work): Promise<boolean> {
  const { images, id } = lease.migration;
  if (!mayGoOn(lease.migration)) return false;
  const begun = images.flatMap(({ content }, index) => (content.kind === 'untouched' ? [] : [index]));
  const found = await Promise.all(begun.map((index) => checkpoints.isProvable(id, index)));
  return found.every(Boolean);
}

/** Receipt and maps are kept before the stage is over: whoever sees that it is can have them. */
async function conclude(work: Work, event: WorkerEvent): Promise<void> {
  const { lease, shared, maps } = work;
  await maps.keep();
  const after = advance(lease.migration, event);
  if (after.standing.state === 'succeeded') {
    const within = { ...work, signal: AbortSignal.any([work.signal, lease.signal]) };
    await persist(within, async () => {
      await shared.stores.receipts.keep(lease.id, lease.fence, await shared.sign(await makeReceipt(work, after)));
      work.say('info', 'the receipt is signed and kept');
    });
  }
  try {
    await lease.append(event);
  } catch (error) {
    // Who asked to pause has asked to cancel meanwhile: the stage is looked at again, and left for that.
    const isOutdone = error instanceof ServiceError && error.code === 'illegal-transition' && event.kind === 'paused';
    if (!isOutdone) throw error;
  }
}

/** What nobody needs any more is given up. What that does not come to is made good by `sweepHolds`. */
async function afterwards({ lease, shared, checkpoints }: Work): Promise<void> {
  const { migration } = lease;
  if (needsNoHolds(migration)) await releaseAll(shared.provider, migration);
  if (migration.standing.state !== 'succeeded') return;
  for (const [index, { source }] of migration.images.entries()) {
    // Nothing is ever read from there again. One that failed keeps them: it may be tried again.
    if (source.credentials !== null) await shared.stores.secrets.forget(source.credentials);
    await checkpoints.forget(migration.id, index);
  }
}
