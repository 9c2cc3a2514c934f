import { setTimeout as sleep } from 'node:timers/promises';

/** How long a statement waits for another connection that writes. One that writes needs milliseconds. */
const LIMIT_MS = 10_000;
const SQLITE_BUSY = 5;

/**
 * Tries again while another connection writes. Not SQLite's own `busy_timeout`, which would stand still with the whole
 * process: a heartbeat would not go out, and another connection in this process could never finish what is waited for.
 */
export async function whileBusy<T>(run: () => T, mayRetry: () => boolean = () => true): Promise<T> {
  for (const deadline = performance.now() + LIMIT_MS; ;) {
    try {
      return run();
    } catch (thrown) {
      if (!isBusy(thrown) || !mayRetry() || performance.now() > deadline) throw thrown;
    }
    await sleep(1 + Math.random() * 4);
  }
}

/** The lowest byte is the kind of error, what lies above says more. */
function isBusy(thrown: unknown): boolean {
  return thrown instanceof Error && ((thrown as { errcode?: number }).errcode ?? 0) % 256 === SQLITE_BUSY;
}
