import type { Bytes, ByteStream } from '../src/base/bytes.ts';
import { DiskferryError } from '../src/base/errors.ts';

/** Bytes over a buffer, with the contract's strictness: a read outside is a fault of the caller. */
export class MemoryBytes implements Bytes {
  readonly size: number;
  readonly #content: Uint8Array;

  constructor(content: Uint8Array) {
    this.#content = content;
    this.size = content.length;
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (offset < 0 || offset + into.length > this.size) {
      throw new DiskferryError('internal', `read of ${into.length} bytes at ${offset} leaves ${this.size} bytes`);
    }
    into.set(this.#content.subarray(offset, offset + into.length));
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** The buffer as a stream of chunks of the given sizes in turn. The chunks are copies, wiped once the next is asked for. */
export async function* streamOf(content: Uint8Array, sizes: readonly number[] = [65536]): ByteStream {
  let at = 0;
  for (let turn = 0; at < content.length; turn++) {
    const length = sizes[turn % sizes.length] ?? 65536;
    const chunk = Uint8Array.from(content.subarray(at, at + length));
    at += length;
    yield chunk;
    chunk.fill(0xdd);
  }
}

export async function collect(stream: ByteStream): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
