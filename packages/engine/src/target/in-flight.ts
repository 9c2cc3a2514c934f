import { DiskferryError } from '../base/errors.ts';

/**
 * Counts the work on a target, so that disposing waits for what has begun and lets nothing begin after it: a write that
 * lands on a closed descriptor could land in another file.
 */
export class InFlight {
  readonly #label: string;
  readonly #running = new Set<Promise<unknown>>();
  #closed = false;

  constructor(label: string) {
    this.#label = label;
  }

  async run<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    signal?.throwIfAborted();
    if (this.#closed) throw new DiskferryError('internal', `${this.#label} is closed and was still used`);
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Refuses new work and settles when the last has ended, whatever its end. May be called again. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#running);
  }
}
