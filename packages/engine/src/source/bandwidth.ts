import { performance } from 'node:perf_hooks';
import { sleep, unlessAborted } from '../base/sleep.ts';

/** How far the rate may be exceeded after a rest. */
const BURST_SECONDS = 0.25;

/** How long a change of the rate may go unnoticed by those who wait. */
const SLICE_MS = 100;

/**
 * A token bucket that is shared: whoever reads takes its bytes from here, in turn. A take larger than the bucket goes
 * through and leaves a debt that the next one waits for, so chunks of any size pass.
 */
export class Bandwidth {
  #rate: number | undefined;
  #tokens = 0;
  #filledAt = performance.now();
  #last: Promise<void> = Promise.resolve();

  /** In bytes a second; undefined for no limit. */
  constructor(rate?: number) {
    this.rate = rate;
  }

  get rate(): number | undefined {
    return this.#rate;
  }

  /** May be changed at any time, also while takers wait. */
  set rate(rate: number | undefined) {
    if (rate !== undefined && !(rate > 0)) throw new RangeError(`a rate of ${rate} bytes a second`);
    this.#fill();
    this.#rate = rate;
  }

  /** Settles when `bytes` may pass. */
  async take(bytes: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#rate === undefined) return;
    const turn = this.#last;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#last = promise;
    try {
      await unlessAborted(turn, signal);
      await this.#pay(bytes, signal);
    } finally {
      // Whoever gives up its place does not let those behind it pass those before it.
      void turn.then(resolve);
    }
  }

  async #pay(bytes: number, signal: AbortSignal | undefined): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      this.#fill();
      if (this.#rate === undefined) return;
      if (this.#tokens >= 0) break;
      await sleep(Math.min(SLICE_MS, (-this.#tokens / this.#rate) * 1000), signal);
    }
    this.#tokens -= bytes;
  }

  #fill(): void {
    const now = performance.now();
    const rate = this.#rate ?? 0;
    const most = rate * BURST_SECONDS;
    this.#tokens = Math.min(most, this.#tokens + (rate * (now - this.#filledAt)) / 1000);
    this.#filledAt = now;
  }
}
