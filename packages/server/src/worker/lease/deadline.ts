/** A moment of `performance.now()` that can be moved on until it has passed. Then it stays passed. */
export class Deadline {
  readonly #abort = new AbortController();
  readonly #reason: () => Error;
  #at: number;
  #timer: NodeJS.Timeout | undefined;

  constructor(at: number, reason: () => Error) {
    this.#at = at;
    this.#reason = reason;
    this.#arm();
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Asks the clock, not the timer: a process that was stopped runs on before its timers do. */
  requireAhead(): void {
    if (performance.now() >= this.#at) this.end(this.#reason());
    this.signal.throwIfAborted();
  }

  moveTo(at: number): void {
    if (this.signal.aborted || performance.now() >= this.#at) return;
    this.#at = at;
    this.#arm();
  }

  end(reason: Error): void {
    clearTimeout(this.#timer);
    if (!this.signal.aborted) this.#abort.abort(reason);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.end(this.#reason()), Math.max(0, this.#at - performance.now()));
  }
}
