import type { ByteStream } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';

const EMPTY = new Uint8Array(0);

/**
 * The input of a decoder: pulls chunks from a stream only when bytes are asked for, counts them, gives bytes back, and
 * closes the stream whichever way the decoder ends (`await using`).
 *
 * What it returns may be a view of the stream's own chunk: valid until the next call.
 */
export class Intake implements AsyncDisposable {
  readonly #iterator: AsyncIterator<Uint8Array>;
  readonly #signal: AbortSignal | undefined;
  #chunk: Uint8Array = EMPTY;
  #used = 0;
  #before: number;
  #ended = false;
  #pulling = false;

  /** @param begin where the stream begins in the package */
  constructor(stream: ByteStream, signal?: AbortSignal, begin = 0) {
    this.#before = begin;
    this.#iterator = stream[Symbol.asyncIterator]();
    this.#signal = signal;
  }

  /** The place in the package: behind the bytes that were handed out. */
  get at(): number {
    return this.#before + this.#used;
  }

  /** Everything at hand, or the next chunk; undefined at the end. Never empty. */
  async next(): Promise<Uint8Array | undefined> {
    if (!(await this.#fill())) return undefined;
    const rest = this.#chunk.subarray(this.#used);
    this.#used = this.#chunk.length;
    return rest;
  }

  /** Gives back the last `count` bytes of what `next` returned just before. */
  unread(count: number): void {
    this.#used -= count;
  }

  async atEnd(): Promise<boolean> {
    return !(await this.#fill());
  }

  /** Up to `length` bytes: fewer only at the end of the stream. The caller has bounded `length`. */
  async upTo(length: number): Promise<Uint8Array> {
    if (length === 0 || !(await this.#fill())) return EMPTY;
    if (this.#chunk.length - this.#used >= length) return this.#take(length);
    const gathered = new Uint8Array(length);
    let filled = 0;
    while (filled < length && (await this.#fill())) {
      const part = this.#take(Math.min(length - filled, this.#chunk.length - this.#used));
      gathered.set(part, filled);
      filled += part.length;
    }
    return gathered.subarray(0, filled);
  }

  /** @throws DiskferryError `package-truncated` when the stream ends first; `what` names what was being read. */
  async exactly(length: number, what: string): Promise<Uint8Array> {
    const bytes = await this.upTo(length);
    if (bytes.length < length) throw truncated(what, this.at);
    return bytes;
  }

  /** At least one byte and at most `limit`. @throws DiskferryError `package-truncated` */
  async some(limit: number, what: string): Promise<Uint8Array> {
    if (!(await this.#fill())) throw truncated(what, this.at);
    return this.#take(Math.min(limit, this.#chunk.length - this.#used));
  }

  /** @throws DiskferryError `package-truncated` */
  async skip(length: number, what: string): Promise<void> {
    for (let left = length; left > 0;) left -= (await this.some(left, what)).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A pull that an abort left behind may never settle, and a generator's `return` waits for it: so it is not awaited.
    const closed = Promise.resolve(this.#iterator.return?.()).catch(() => undefined);
    if (!this.#pulling) await closed;
  }

  #take(length: number): Uint8Array {
    const part = this.#chunk.subarray(this.#used, this.#used + length);
    this.#used += length;
    return part;
  }

  async #fill(): Promise<boolean> {
    while (this.#used === this.#chunk.length && !this.#ended) {
      this.#signal?.throwIfAborted();
      const { done, value } = await this.#pull();
      this.#before += this.#chunk.length;
      this.#chunk = done === true ? EMPTY : value;
      this.#used = 0;
      this.#ended = done === true;
    }
    return this.#used < this.#chunk.length;
  }

  async #pull(): Promise<IteratorResult<Uint8Array>> {
    this.#pulling = true;
    const pulled = this.#iterator.next().finally(() => (this.#pulling = false));
    return this.#signal === undefined ? await pulled : await orAborted(pulled, this.#signal);
  }
}

export function truncated(what: string, offset: number): DiskferryError {
  return new DiskferryError('package-truncated', `the package ends at byte ${offset}, in ${what}`, { offset });
}

export function damaged(message: string, offset?: number): DiskferryError {
  return new DiskferryError('package-damaged', message, { offset });
}

/** One listener for each wait: a race against one long-lived promise would gather reactions for hours. */
async function orAborted<Value>(waited: Promise<Value>, signal: AbortSignal): Promise<Value> {
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  waited.catch(() => undefined);
  try {
    return await Promise.race([waited, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
