import { setTimeout as sleep } from 'node:timers/promises';
import { failureOf, PatienceLost } from './failures.ts';
import type { Work } from './work.ts';

/**
 * Tries again what may succeed later, with longer and longer waits. Whatever is gained renews the patience.
 * @param gained whether the last attempt has brought something to the disk
 */
export async function persist<Result>(
  work: Work,
  attempt: () => Promise<Result>,
  gained: () => boolean = () => false,
): Promise<Result> {
  const { times } = work.shared;
  let since: { readonly at: number; readonly clock: number } | undefined;
  let tries = 0;
  for (;;) {
    // A process that was stopped runs on before the signal of its lease does.
    work.lease.requireHeld();
    try {
      const result = await attempt();
      work.live.stalled(null);
      return result;
    } catch (error) {
      work.signal.throwIfAborted();
      const failure = failureOf(error);
      if (failure.remedy.kind !== 'again') throw error;
      if (gained()) [since, tries] = [undefined, 0];
      since ??= { at: Date.now(), clock: performance.now() };
      if (!failure.remedy.forEver && performance.now() - since.clock >= times.patience)
        throw new PatienceLost(failure, error);
      const wait = Math.min(times.longestWait, times.firstWait * 2 ** tries++);
      const { code, message } = failure;
      work.live.stalled({ code, message, since: since.at, nextTryAt: Date.now() + wait });
      work.say('warn', `${message}; next try in ${wait} ms`, { code });
      await sleep(wait, undefined, { signal: work.signal }).catch(() => work.signal.throwIfAborted());
    }
  }
}
