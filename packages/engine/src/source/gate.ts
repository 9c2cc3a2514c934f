import { sleep, unlessAborted } from '../base/sleep.ts';
import { askedToWait } from './retry-policy.ts';
import { BusyError } from './retry-after.ts';

/** Above this many at once there is no limit any more. */
const OPEN_WIDE = 64;

/**
 * What the streams of one source know together about a server that is busy. When it says so, fewer requests are opened
 * at once (half, down to one) and none before the time it gave; every answer that succeeds lets one more through.
 * Only the opening is limited: streams that are open already hold no place, so nobody can wait for himself.
 */
export class Gate {
  #limit = Number.POSITIVE_INFINITY;
  #opening = 0;
  #until = 0;
  #left = Promise.withResolvers<void>();

  async pass<Value>(open: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    await this.#enter(signal);
    this.#opening++;
    try {
      const value = await open();
      this.#limit = this.#limit >= OPEN_WIDE ? Number.POSITIVE_INFINITY : this.#limit + 1;
      return value;
    } catch (error) {
      if (error instanceof BusyError) this.#narrow(askedToWait(error) ?? 0);
      throw error;
    } finally {
      this.#opening--;
      this.#left.resolve();
      this.#left = Promise.withResolvers();
    }
  }

  async #enter(signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      const early = this.#until - Date.now();
      if (early > 0) await sleep(early, signal);
      else if (this.#opening >= this.#limit) await unlessAborted(this.#left.promise, signal);
      else return;
    }
  }

  #narrow(waitMs: number): void {
    this.#limit = Math.max(1, Math.floor(Math.min(this.#limit, this.#opening) / 2));
    this.#until = Math.max(this.#until, Date.now() + waitMs);
  }
}
