import type { Timeouts } from './timeouts.ts';
import { Watch } from './watch.ts';
import type { Connection } from './wire/connection.ts';

export interface EffortOptions {
  readonly timeouts: Timeouts;
  readonly signal?: AbortSignal | undefined;
}

/** One request with what may end it from outside at every stage: its signal, and the time. */
export class Effort {
  readonly watch: Watch;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.#connection?.fail(this.#signal?.reason);
  #connection: Connection | undefined;

  constructor(host: string, { timeouts, signal }: EffortOptions) {
    this.watch = new Watch(timeouts, host, (error) => this.#connection?.fail(error));
    this.#signal = signal;
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The request travels on this connection from now on. */
  hold(connection: Connection): void {
    this.#connection = connection;
  }

  end(): void {
    this.watch.stop();
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
