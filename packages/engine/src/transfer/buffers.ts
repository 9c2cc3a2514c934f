import { sharedBuffer } from './workshop.ts';

/**
 * Buffers of one size that go round, in memory that threads share: a copy makes no garbage for the collector. The
 * content is whatever was there.
 */
export class Buffers {
  readonly #size: number;
  readonly #free: Uint8Array[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  take(): Uint8Array {
    return this.#free.pop() ?? sharedBuffer(this.#size);
  }

  give(buffer: Uint8Array): void {
    this.#free.push(buffer);
  }
}
