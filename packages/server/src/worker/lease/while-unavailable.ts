import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '../../base/errors.ts';

const FIRST_MS = 100;
const LONGEST_MS = 2000;

export function isStoreUnavailable(error: unknown): boolean {
  return error instanceof ServiceError && error.code === 'store-unavailable';
}

/** Asks the store again until it answers, or the signal says that it is too late: then with the reason of the signal. */
export async function whileUnavailable<Result>(ask: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
  for (let wait = FIRST_MS; ; wait = Math.min(LONGEST_MS, wait * 2)) {
    signal.throwIfAborted();
    try {
      return await ask();
    } catch (error) {
      if (!isStoreUnavailable(error)) throw error;
      await sleep(wait, undefined, { signal }).catch(() => undefined);
    }
  }
}
