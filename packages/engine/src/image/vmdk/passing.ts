import type { ByteStream } from '../../base/bytes.ts';

/** A stream that is taken in pieces of chosen sizes. Closing it closes the stream. */
export class Passing {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;
  #position = 0;
  #ended = false;

  constructor(stream: ByteStream) {
    this.#chunks = stream[Symbol.asyncIterator]();
  }

  /** Bytes that were taken so far: the place in the file. */
  get position(): number {
    return this.#position;
  }

  /** The next `length` bytes, fewer only at the end of the stream. Valid until the next call. */
  async take(length: number): Promise<Uint8Array> {
    const bytes = await this.peek(length);
    this.#at += bytes.length;
    this.#position += bytes.length;
    return bytes;
  }

  /** As `take`, and leaves the bytes where they are. The caller has bounded `length`. */
  async peek(length: number): Promise<Uint8Array> {
    if (this.#chunk.length - this.#at < length && !this.#ended) await this.#gather(length);
    return this.#chunk.subarray(this.#at, this.#at + length);
  }

  /** Passes over everything up to `offset`; false where the stream ends before. */
  async skipTo(offset: number): Promise<boolean> {
    while (this.#position < offset) {
      const left = this.#chunk.length - this.#at;
      const step = Math.min(left, offset - this.#position);
      this.#at += step;
      this.#position += step;
      if (this.#position < offset && !(await this.#next())) return false;
    }
    return true;
  }

  /** The rest of the stream, chunk by chunk. */
  async *rest(): ByteStream {
    do {
      const chunk = this.#chunk.subarray(this.#at);
      this.#at = this.#chunk.length;
      this.#position += chunk.length;
      if (chunk.length > 0) yield chunk;
    } while (await this.#next());
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#chunks.return?.();
  }

  async #next(): Promise<boolean> {
    const next = this.#ended ? { done: true as const, value: undefined } : await this.#chunks.next();
    if (next.done) {
      this.#ended = true;
      return false;
    }
    this.#chunk = next.value;
    this.#at = 0;
    return true;
  }

  /**
   * Copies what is left of the chunk together with the next ones: only where a piece lies across chunks. (`slice`
   * would be no copy where a chunk is a Buffer.)
   */
  async #gather(length: number): Promise<void> {
    const parts = [new Uint8Array(this.#chunk.subarray(this.#at))];
    let held = parts[0]?.length ?? 0;
    while (held < length && (await this.#next())) {
      const part = new Uint8Array(this.#chunk);
      parts.push(part);
      held += part.length;
    }
    this.#chunk = Buffer.concat(parts);
    this.#at = 0;
  }
}
