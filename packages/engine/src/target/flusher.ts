/**
 * Flushes one after another, and after a failed one never again. Linux reports a failed write-back once for each open
 * file (errseq in the kernel's mm/filemap.c): of two flushes at the same time only one would fail, and the one after a
 * failure would succeed although bytes are lost, so that somebody would record them as safe.
 */
export class Flusher {
  readonly #flush: () => Promise<void>;
  /** Ends when nothing is flushed; never rejects. */
  #last: Promise<unknown> = Promise.resolve();
  /** The flush that has not begun yet: whoever comes now may share it, for it begins after what he has written. */
  #waiting: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(flush: () => Promise<void>) {
    this.#flush = flush;
  }

  flush(): Promise<void> {
    if (this.#waiting !== undefined) return this.#waiting;
    const mine = this.#last.then(() => this.#begin());
    this.#waiting = mine;
    this.#last = mine.catch(() => {});
    return mine;
  }

  async #begin(): Promise<void> {
    this.#waiting = undefined;
    if (this.#failure !== undefined) throw this.#failure.error;
    try {
      await this.#flush();
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }
}
