import { MiB } from '../../base/align.ts';
import { overLimit, type GuestFault } from '../fault.ts';

export interface BudgetLimits {
  /** Bytes of the disk that may be asked for. */
  readonly bytes: number;
  readonly milliseconds: number;
}

export const USUAL_LIMITS: BudgetLimits = { bytes: 64 * MiB, milliseconds: 60_000 };

/** What one inspection may cost. Whoever asks for more gets a fault; what was found until then stays. */
export class Budget {
  readonly #limits: BudgetLimits;
  readonly #started = performance.now();
  #bytes = 0;
  #requests = 0;

  constructor(limits: BudgetLimits = USUAL_LIMITS) {
    this.#limits = limits;
  }

  /** @throws GuestFault `limit`, before anything is read */
  spend(bytes: number): void {
    this.requireTime();
    if (this.#bytes + bytes > this.#limits.bytes) {
      throw overLimit(`too much to read: ${this.#bytes} bytes were read, ${this.#limits.bytes} are allowed`);
    }
    this.#bytes += bytes;
    this.#requests++;
  }

  /** Also for work that only computes. @throws GuestFault `limit` */
  requireTime(): void {
    if (this.timeLeft <= 0) throw this.tooLate();
  }

  tooLate(): GuestFault {
    return overLimit(`too much to read: it took more than ${this.#limits.milliseconds} ms`);
  }

  get bytesLeft(): number {
    return this.#limits.bytes - this.#bytes;
  }

  get timeLeft(): number {
    return this.#limits.milliseconds - (performance.now() - this.#started);
  }

  get cost(): { readonly bytes: number; readonly requests: number; readonly milliseconds: number } {
    const milliseconds = Math.round(performance.now() - this.#started);
    return { bytes: this.#bytes, requests: this.#requests, milliseconds };
  }
}
