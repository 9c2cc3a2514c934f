import type { Bytes, ByteStream } from '../../../base/bytes.ts';
import { MiB } from '../../../base/align.ts';
import { damaged, overLimit } from '../../fault.ts';
import type { Budget } from '../../cache/budget.ts';

/** Reads forward. Skipping costs nothing where the content can be read at any offset. */
export interface Cursor {
  exactly(length: number): Promise<Uint8Array>;
  skip(length: number): Promise<void>;
}

/** Over bytes as they are: only headers and names are read. */
export class BytesCursor implements Cursor {
  at: number;
  readonly #bytes: Bytes;

  constructor(bytes: Bytes, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  async exactly(length: number): Promise<Uint8Array> {
    if (this.at + length > this.#bytes.size) throw damaged('the initramfs ends too early');
    const into = new Uint8Array(length);
    await this.#bytes.read(this.at, into);
    this.at += length;
    return into;
  }

  async skip(length: number): Promise<void> {
    this.at += length;
  }
}

/** What a packed initramfs may unpack to. */
const UNPACKED_LIMIT = 1024 * MiB;

/** Over the content of a compression. */
export class StreamCursor implements Cursor, AsyncDisposable {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #budget: Budget;
  #chunk: Uint8Array = new Uint8Array(0);
  #taken = 0;

  constructor(stream: ByteStream, budget: Budget) {
    this.#chunks = stream[Symbol.asyncIterator]();
    this.#budget = budget;
  }

  async exactly(length: number): Promise<Uint8Array> {
    const into = new Uint8Array(length);
    let filled = 0;
    while (filled < length) filled += await this.#take(length - filled, (part) => into.set(part, filled));
    return into;
  }

  async skip(length: number): Promise<void> {
    for (let left = length; left > 0;) left -= await this.#take(left);
  }

  async #take(length: number, give?: (part: Uint8Array) => void): Promise<number> {
    while (this.#chunk.length === 0) await this.#more();
    const part = this.#chunk.subarray(0, length);
    give?.(part);
    this.#chunk = this.#chunk.subarray(part.length);
    return part.length;
  }

  async #more(): Promise<void> {
    this.#budget.requireTime();
    const { done, value } = await this.#chunks.next();
    if (done) throw damaged('the initramfs ends too early');
    this.#chunk = value;
    this.#taken += value.length;
    if (this.#taken > UNPACKED_LIMIT) throw overLimit(`an initramfs of more than ${UNPACKED_LIMIT} bytes`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#chunks.return?.();
  }
}
