import { DiskferryError } from '../base/errors.ts';
import { BusyError, RETRY_AFTER_CAP_MS } from './retry-after.ts';
import { sleep } from '../base/sleep.ts';

export interface RetryPolicy {
  /** Attempts in a stretch without progress, the first one included. */
  readonly attempts: number;
  /** The same before anything was read: a wrong name should not cost half a minute. */
  readonly firstAttempts: number;
  /** The first wait; every further one is twice as long, up to the cap. */
  readonly baseMs: number;
  readonly capMs: number;
  /** How long a server may say "later" (with Retry-After) before it counts as an attempt. */
  readonly busyPatienceMs: number;
  /** In [0, 1). */
  readonly random?: () => number;
  /** Told before every wait. */
  readonly onRetry?: ((event: RetryEvent) => void) | undefined;
}

export interface RetryEvent {
  readonly error: DiskferryError;
  readonly attempt: number;
  readonly waitMs: number;
}

export const RETRY: RetryPolicy = {
  attempts: 8,
  firstAttempts: 4,
  baseMs: 250,
  capMs: 20_000,
  busyPatienceMs: 15 * 60_000,
};

/** An answer that broke the rules is seldom better the next time. */
const ANSWER_ATTEMPTS = 3;

/** A stretch without progress: counts its attempts and waits between them. */
export class Stretch {
  readonly #policy: RetryPolicy;
  #limit: number;
  #failed = 0;
  #since = 0;

  constructor(policy: RetryPolicy) {
    this.#policy = policy;
    this.#limit = policy.firstAttempts;
  }

  /** Something was gained: a new stretch begins. */
  progress(): void {
    this.#failed = 0;
    this.#limit = this.#policy.attempts;
  }

  /** Waits before the next attempt, or throws: what cannot be helped at once, and what was tried often enough. */
  async after(error: unknown, signal: AbortSignal | undefined): Promise<void> {
    if (!(error instanceof DiskferryError) || error.retry !== 'now') throw error;
    signal?.throwIfAborted();
    if (this.#failed === 0) this.#since = Date.now();
    this.#failed++;
    if (!this.#mayGoOn(error)) throw exhausted(error, this.#failed);
    const waitMs = this.#waitFor(error);
    this.#policy.onRetry?.({ error, attempt: this.#failed, waitMs });
    await sleep(waitMs, signal);
  }

  #mayGoOn(error: DiskferryError): boolean {
    if (askedToWait(error) !== undefined && Date.now() - this.#since < this.#policy.busyPatienceMs) return true;
    return this.#failed < (error.code === 'source-answer' ? Math.min(this.#limit, ANSWER_ATTEMPTS) : this.#limit);
  }

  /** Jitter spreads the streams of one copy, and copies that were broken by one fault. */
  #waitFor(error: DiskferryError): number {
    const { baseMs, capMs, random = Math.random } = this.#policy;
    const backOff = Math.min(capMs, baseMs * 2 ** (this.#failed - 1)) * (0.5 + random() / 2);
    const asked = (askedToWait(error) ?? 0) * (1 + random() / 10);
    return Math.min(RETRY_AFTER_CAP_MS, Math.max(backOff, asked));
  }
}

export function askedToWait(error: unknown): number | undefined {
  return error instanceof BusyError ? error.retryAfterMs : undefined;
}

function exhausted(error: DiskferryError, attempts: number): DiskferryError {
  if (attempts <= 1) return error;
  const { cause, hint, offset, retry } = error;
  const said = `${error.message}; ${attempts} attempts did not help`;
  return new DiskferryError(error.code, said, { cause: cause ?? error, hint, offset, retry });
}
