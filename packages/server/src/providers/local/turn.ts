/** One change at a time, in the order in which they came. */
export class Turn {
  #last: Promise<unknown> = Promise.resolve();

  /** `signal` counts until the work begins: what has begun is brought to an end. */
  take<Result>(work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const mine = this.#last.then(() => {
      signal?.throwIfAborted();
      return work();
    });
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
