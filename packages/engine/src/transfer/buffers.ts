/** Buffers of one size that go round: a copy makes garbage for nobody to collect. Contents are whatever was there. */
export class Buffers {
  readonly #size: number;
  readonly #free: Uint8Array[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  take(): Uint8Array {
    return this.#free.pop() ?? new Uint8Array(this.#size);
  }

  give(buffer: Uint8Array): void {
    this.#free.push(buffer);
  }
}
