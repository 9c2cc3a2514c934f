import { DiskferryError } from '@diskferry/engine';
import { ServiceError } from '../base/errors.ts';
import { ProviderError } from '../providers/provider-error.ts';
import { BudgetSpent } from './budget.ts';

/** How far a preflight goes. */
export interface Bounds {
  /** For everything together. */
  readonly totalMs: number;
  /** Bytes that are read of one source. */
  readonly bytes: number;
  /** The read that measures the speed ends with the first of these. */
  readonly speedMs: number;
  readonly speedBytes: number;
  /** For the system inside an image: bytes of the disk, and how long they may take. */
  readonly guestBytes: number;
  readonly guestMs: number;
  /** Sources that are looked at at once. */
  readonly atOnce: number;
}

const MiB = 1024 * 1024;
export const BOUNDS: Bounds = {
  totalMs: 30_000,
  bytes: 128 * MiB,
  speedMs: 2000,
  speedBytes: 4 * MiB,
  guestBytes: 48 * MiB,
  guestMs: 10_000,
  atOnce: 4,
};

/** Why something outside gave no answer. */
export interface Failure {
  /** Of the error, or `took-too-long`, `read-too-much`. */
  readonly code: string;
  readonly evidence: string;
  /** What to do in this very case. */
  readonly hint: string | null;
}

/** What came of asking something outside. */
export type Said<Value> = { readonly value: Value } | { readonly failure: Failure };

/**
 * Asks what lies outside, until its time is over: then, and for every error that something outside can cause, there is a
 * failure instead of a value. Only the caller's own abort is thrown, and faults of the program.
 */
export class Inquiry implements Disposable {
  readonly signal: AbortSignal;
  readonly #caller: AbortSignal | undefined;
  readonly #over = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #ms: number;

  constructor(caller: AbortSignal | undefined, ms: number) {
    caller?.throwIfAborted();
    this.#caller = caller;
    this.#ms = ms;
    this.#timer = setTimeout(() => this.#over.abort(), ms);
    this.signal = caller === undefined ? this.#over.signal : AbortSignal.any([caller, this.#over.signal]);
  }

  /** For work that ends soon after the signal says so: it is waited for. */
  async ask<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Said<Value>> {
    try {
      this.signal.throwIfAborted();
      return { value: await work(this.signal) };
    } catch (error) {
      this.#caller?.throwIfAborted();
      return { failure: this.#over.signal.aborted ? this.#tooLate() : failureOf(error) };
    }
  }

  /** For a look-up that may not listen to the signal: it is left behind. `late` gets what it still brings. */
  async lookUp<Value>(
    work: (signal: AbortSignal) => Promise<Value>,
    late: (value: Value) => unknown = () => undefined,
  ): Promise<Said<Value>> {
    return this.ask(async (signal) => {
      const aborted = Promise.withResolvers<never>();
      const onAbort = (): void => aborted.reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      const looking = work(signal);
      try {
        return await Promise.race([looking, aborted.promise]);
      } catch (error) {
        if (signal.aborted) looking.then(late).catch(() => undefined);
        throw error;
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    });
  }

  #tooLate(): Failure {
    return { code: 'took-too-long', evidence: `took too long: not done after ${this.#ms / 1000} s`, hint: null };
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
  }
}

export function failureOf(error: unknown): Failure {
  if (error instanceof DiskferryError || error instanceof ProviderError) {
    return { code: error.code, evidence: `${error.message} (${error.code})`, hint: error.hint };
  }
  if (error instanceof ServiceError) {
    return { code: error.code, evidence: `${error.message} (${error.code})`, hint: error.remedy };
  }
  if (error instanceof BudgetSpent) return { code: 'read-too-much', evidence: error.message, hint: null };
  throw error;
}
