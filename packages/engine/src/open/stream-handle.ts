import type { ByteStream } from '../base/bytes.ts';

/**
 * A stream whose end is in our hands: a reader that stops early does not close it. So a head can be looked at and the
 * stream be closed properly, and what a format leaves unread can be read to its end, where checksums stand.
 */
export class StreamHandle {
  readonly #iterator: AsyncIterator<Uint8Array>;
  #ended = false;

  constructor(stream: ByteStream) {
    this.#iterator = stream[Symbol.asyncIterator]();
  }

  /** For one reader. Its `return` does nothing. */
  readonly stream: ByteStream = {
    [Symbol.asyncIterator]: () => ({
      next: () => this.#next(),
      return: async () => ({ done: true, value: undefined }),
    }),
  };

  /** The first bytes, up to `length`; fewer only where the stream ends. */
  async head(length: number): Promise<Uint8Array> {
    const head = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const { done, value } = await this.#next();
      if (done) break;
      head.set(value.subarray(0, length - filled), filled);
      filled = Math.min(length, filled + value.length);
    }
    return head.subarray(0, filled);
  }

  /** Reads to the end: checksums and end marks behind the last byte of interest are verified. */
  async drain(): Promise<void> {
    while (!(await this.#next()).done);
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#iterator.return?.();
  }

  async #next(): Promise<IteratorResult<Uint8Array>> {
    if (this.#ended) return { done: true, value: undefined };
    const next = await this.#iterator.next();
    if (next.done) this.#ended = true;
    return next;
  }
}
