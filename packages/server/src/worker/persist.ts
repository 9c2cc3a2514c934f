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
  const { times, log } = work.shared;
  let since: number | undefined;
  let tries = 0;
  for (;;) {
    try {
      const result = await attempt();
      work.live.stalled(null);
      return result;
    } catch (error) {
      work.signal.throwIfAborted();
      const failure = failureOf(error);
      if (failure.remedy.kind !== 'again') throw error;
      if (gained()) [since, tries] = [undefined, 0];
      since ??= Date.now();
      if (!failure.remedy.forEver && Date.now() - since >= times.patience) throw new PatienceLost(failure, error);
      const wait = Math.min(times.longestWait, times.firstWait * 2 ** tries++);
      const { code, message } = failure;
      work.live.stalled({ code, message, since, nextTryAt: Date.now() + wait });
      log('warn', `${message}; next try in ${wait} ms`, { migration: work.lease.id, code });
      await sleep(wait, undefined, { signal: work.signal }).catch(() => work.signal.throwIfAborted());
    }
  }
}
