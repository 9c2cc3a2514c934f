import { performance } from 'node:perf_hooks';
import { DiskferryError } from '../../base/errors.ts';
import type { Timeouts } from './timeouts.ts';

type Stage = 'connection' | 'head' | 'body';

/**
 * Keeps the time of one answer. In the body only the waiting counts (`during`): what the reader does between is no
 * fault of the server.
 */
export class Watch {
  readonly #timeouts: Timeouts;
  readonly #host: string;
  readonly #overdue: (error: DiskferryError) => void;
  #timer: NodeJS.Timeout | undefined;
  /** Since when somebody waits. */
  #since: number | undefined;
  /** What has passed and what came in this window of waiting. */
  #waited = 0;
  #received = 0;

  /** @param overdue is told what took too long */
  constructor(timeouts: Timeouts, host: string, overdue: (error: DiskferryError) => void) {
    this.#timeouts = timeouts;
    this.#host = host;
    this.#overdue = overdue;
  }

  start(stage: Stage): void {
    this.stop();
    this.#waited = 0;
    this.#received = 0;
    const { connectMs, headersMs, idleMs, windowMs } = this.#timeouts;
    const shortest = stage === 'connection' ? connectMs : Math.min(headersMs, idleMs, windowMs);
    const interval = Math.max(10, Math.min(shortest, 4000) / 4);
    const began = performance.now();
    let ticked = began;
    const tick = (): void => {
      const now = performance.now();
      // A tick that is late itself (a stopped process, a busy loop) says nothing about the server: what it has sent
      // is read before the next one.
      const isLate = now - ticked > 3 * interval;
      ticked = now;
      if (isLate) return;
      const late = stage === 'body' ? this.#lateBody(now - (this.#since ?? now)) : this.#late(stage, now - began);
      if (late !== undefined) this.#overdue(new DiskferryError('source-timeout', `${this.#host} ${late}`));
    };
    this.#timer = setInterval(tick, interval).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** The wait for bytes, which are counted. */
  async during(arrival: Promise<Uint8Array | undefined>): Promise<Uint8Array | undefined> {
    this.#since = performance.now();
    try {
      const bytes = await arrival;
      this.#received += bytes?.length ?? 0;
      return bytes;
    } finally {
      this.#waited += performance.now() - this.#since;
      this.#since = undefined;
    }
  }

  #late(stage: 'connection' | 'head', passed: number): string | undefined {
    const { connectMs, headersMs } = this.#timeouts;
    if (stage === 'connection') return passed < connectMs ? undefined : 'did not take the connection in time';
    return passed < headersMs ? undefined : `did not send the head of its answer within ${headersMs} ms`;
  }

  #lateBody(waiting: number): string | undefined {
    const { idleMs, windowMs, minimumRate } = this.#timeouts;
    if (waiting >= idleMs) return `has sent nothing for ${idleMs} ms`;
    if (this.#waited + waiting < windowMs) return undefined;
    const floor = (minimumRate * windowMs) / 1000;
    if (this.#received < floor) return `has sent ${this.#received} bytes in ${windowMs} ms, less than ${floor}`;
    this.#waited = -waiting;
    this.#received = 0;
    return undefined;
  }
}
