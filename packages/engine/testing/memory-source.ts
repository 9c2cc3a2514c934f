import { endOf, type ByteStream } from '../src/base/bytes.ts';
import type { Ask, Identified, Source } from '../src/source/source.ts';
import { streamOf } from './memory-bytes.ts';

/** A source in memory, with or without ranges, that counts what is asked of it. */
export class MemorySource implements Source {
  readonly name: string;
  readonly label: string;
  /** Whole streams that were begun. */
  streams = 0;
  /** Streams that were begun and not yet ended or closed. */
  open = 0;
  readonly #content: Uint8Array;
  readonly #ranged: boolean;

  constructor(name: string, content: Uint8Array, how: { readonly ranged?: boolean } = {}) {
    this.name = name;
    this.label = `memory:${name}`;
    this.#content = content;
    this.#ranged = how.ranged ?? true;
  }

  async identify(): Promise<Identified> {
    return { size: this.#content.length, etag: `"${this.name}"`, ranged: this.#ranged };
  }

  async stream(ask: Ask): Promise<ByteStream> {
    ask.signal?.throwIfAborted();
    if (!ask.range) this.streams += 1;
    const range = ask.range ?? { offset: 0, length: this.#content.length };
    return this.#counted(this.#content.subarray(range.offset, endOf(range)));
  }

  async *#counted(content: Uint8Array): ByteStream {
    this.open += 1;
    try {
      yield* streamOf(content, [100_000, 7, 65_536]);
    } finally {
      this.open -= 1;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
