import { endOf, type Bytes, type ByteStream } from '../base/bytes.ts';
import { MiB } from '../base/align.ts';
import { DiskferryError } from '../base/errors.ts';

/** How much of a passing file is kept while its tables are read. */
const KEPT_LIMIT = 48 * MiB;

/**
 * The beginning of a file that passes by, readable at any offset as long as it fits in memory. Formats whose tables lie
 * in front of their data are opened on it; what was kept, and then the rest of the stream, is taken up by `rest`.
 */
export class ForwardBytes implements Bytes {
  /** The size that the package tells; without one the end is out of sight, and truncation shows when it comes. */
  readonly size: number;
  readonly #chunks: AsyncIterator<Uint8Array>;
  #kept: Uint8Array = new Uint8Array(1 * MiB);
  #length = 0;
  #ended = false;
  #turn: Promise<void> = Promise.resolve();

  constructor(stream: ByteStream, fileSize: number | undefined) {
    this.size = fileSize ?? Number.MAX_SAFE_INTEGER;
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    const end = offset + into.length;
    if (offset < 0 || end > this.size) {
      throw new DiskferryError('internal', `read of ${into.length} bytes at ${offset} leaves ${this.size} bytes`);
    }
    this.#turn = this.#turn.then(() => this.#fill(end, signal));
    await this.#turn;
    into.set(this.#kept.subarray(offset, end));
  }

  /** Up to `length` bytes of the beginning: fewer only where the file ends. */
  async head(length: number, signal?: AbortSignal): Promise<Uint8Array> {
    while (this.#length < length && (await this.#more(signal)));
    return this.#kept.subarray(0, Math.min(length, this.#length));
  }

  /** The whole file from its first byte: what was kept, then what is still to come. Ends this object's own reading. */
  async *rest(): ByteStream {
    try {
      if (this.#length > 0) yield this.#kept.subarray(0, this.#length);
      this.#kept = new Uint8Array(0);
      for (;;) {
        const next = await this.#chunks.next();
        if (next.done) break;
        yield next.value;
      }
      this.#ended = true;
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#chunks.return?.();
  }

  async #fill(end: number, signal?: AbortSignal): Promise<void> {
    if (end > KEPT_LIMIT) {
      const message = `a table of the image ends at ${end}; only the first ${KEPT_LIMIT} bytes of a packed image are kept`;
      throw new DiskferryError('image-second-pass', message, { offset: end });
    }
    while (this.#length < end) {
      if (await this.#more(signal)) continue;
      throw new DiskferryError('image-truncated', `the image ends at ${this.#length}, its tables reach ${end}`, {
        offset: this.#length,
      });
    }
  }

  async #more(signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    if (this.#ended) return false;
    const next = await this.#chunks.next();
    if (next.done) {
      this.#ended = true;
      return false;
    }
    this.#keep(next.value);
    return true;
  }

  #keep(chunk: Uint8Array): void {
    const end = endOf({ offset: this.#length, length: chunk.length });
    if (end > this.#kept.length) {
      const grown = new Uint8Array(Math.max(end, this.#kept.length * 2));
      grown.set(this.#kept.subarray(0, this.#length));
      this.#kept = grown;
    }
    this.#kept.set(chunk, this.#length);
    this.#length = end;
  }
}
