import type { ByteStream } from '../src/base/bytes.ts';

/** A stream that counts what is pulled from it and says whether it was closed. */
export class WatchedStream implements AsyncIterable<Uint8Array> {
  pulled = 0;
  closed = false;
  readonly #stream: ByteStream;

  constructor(stream: ByteStream) {
    this.#stream = stream;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.#stream) {
        this.pulled += chunk.length;
        yield chunk;
      }
    } finally {
      this.closed = true;
    }
  }
}

/** The bytes, and then nothing any more, for ever. */
export async function* stalling(content: Uint8Array): ByteStream {
  yield content;
  await new Promise<never>(() => {});
}

export async function* failing(content: Uint8Array, error: Error): ByteStream {
  yield content;
  throw error;
}
