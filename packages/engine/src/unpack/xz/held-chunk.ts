/** A copy of a chunk, for as long as it is not known whether it is the last. One buffer for all that are held in turn. */
export class HeldChunk {
  #buffer = new Uint8Array(0);
  #length = 0;

  /** Empty where none is held. */
  get bytes(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  hold(chunk: Uint8Array): void {
    if (chunk.length > this.#buffer.length) this.#buffer = new Uint8Array(chunk.length);
    this.#buffer.set(chunk);
    this.#length = chunk.length;
  }
}
