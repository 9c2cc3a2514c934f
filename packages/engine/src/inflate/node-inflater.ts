import { createInflateRaw, type InflateRaw } from 'node:zlib';
import { type Inflating, LONGEST_PULL } from './inflating.ts';
import { fromZlib } from './refusal.ts';

/** Inflating by node:zlib, where our own decoder does not start. Its state cannot be saved. */
export function nodeInflater(): Inflating {
  return new NodeInflater();
}

/** node:zlib with its default of 16 KiB is 2.5 times slower: each chunk is a trip to the thread pool and back. */
const options = { chunkSize: LONGEST_PULL };

class NodeInflater implements Inflating {
  readonly #engine: InflateRaw = createInflateRaw(options);
  #given = 0;
  #produced = 0;
  /** The engine has input that it has not called back for, or is to end. */
  #busy = false;
  #ended = false;
  #failure: unknown;
  #left: Uint8Array | undefined;
  #wake: () => void = () => {};

  constructor() {
    const changed = () => this.#wake();
    this.#engine.on('readable', changed);
    this.#engine.on('end', () => {
      this.#ended = true;
      changed();
    });
    this.#engine.on('error', (error) => {
      this.#failure = error;
      changed();
    });
  }

  get finished(): boolean {
    return this.#ended && this.#left === undefined;
  }

  get consumed(): number {
    return this.#engine.bytesWritten;
  }

  get produced(): number {
    return this.#produced;
  }

  get unused(): number {
    return this.#ended ? this.#given - this.#engine.bytesWritten : 0;
  }

  push(packed: Uint8Array): void {
    this.#given += packed.length;
    this.#busy = true;
    this.#engine.write(packed, () => {
      this.#busy = false;
      this.#wake();
    });
  }

  async pull(most: number = LONGEST_PULL): Promise<Uint8Array | undefined> {
    const content = this.#left ?? (await this.#next());
    this.#left = content && content.length > most ? content.subarray(Math.max(1, most)) : undefined;
    const part = content?.subarray(0, Math.max(1, most));
    this.#produced += part?.length ?? 0;
    return part;
  }

  async end(): Promise<void> {
    if (this.#ended) return;
    this.#engine.end();
    this.#busy = true;
    this.#left = await this.#next();
  }

  [Symbol.dispose](): void {
    this.#engine.destroy();
  }

  async #next(): Promise<Uint8Array | undefined> {
    for (;;) {
      this.#throwFailure();
      const chunk = this.#engine.read() as Uint8Array | null;
      if (chunk !== null) return chunk;
      // An engine that has seen its end mark does not call back for what stands behind it: it ends.
      if (this.#ended || !this.#busy) return undefined;
      await this.#changed();
    }
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw fromZlib(this.#failure);
  }
}
