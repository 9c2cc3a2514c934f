import type { ByteStream } from '../../base/bytes.ts';
import { Intake } from '../intake.ts';
import type { Mark, MarkedStream, UnpackOptions } from '../package.ts';
import { sealedMark, unsealedMark } from '../sealed-mark.ts';
import { blockContent } from './block.ts';
import { closeStream, nextStream, openStream, restoreStream, saveStream, type XzStream } from './stream.ts';

const TAG = 'Xz 1';

/**
 * The content of xz streams. A block needs nothing of the one before: behind its last chunk stands a mark, with what the
 * end of the stream is compared with.
 */
export class MarkedXz implements MarkedStream {
  readonly #packed: (offset: number) => Promise<ByteStream>;
  readonly #signal: AbortSignal | undefined;
  readonly #begin: number;
  readonly #saved: Uint8Array | undefined;
  #contentOffset: number;
  /** The end of the block whose last chunk was given. */
  #boundary: { readonly at: number; readonly stream: XzStream } | undefined;

  /** @throws DiskferryError `checkpoint-damaged` */
  constructor(packed: (offset: number) => Promise<ByteStream>, from: Mark | undefined, options: UnpackOptions = {}) {
    this.#saved = from && unsealedMark(TAG, from);
    this.#packed = packed;
    this.#signal = options.signal;
    this.#begin = from?.packedOffset ?? 0;
    this.#contentOffset = from?.contentOffset ?? 0;
  }

  mark(from = 0): Mark | undefined {
    if (!this.#boundary || this.#boundary.at < from) return undefined;
    const { at, stream } = this.#boundary;
    return sealedMark(TAG, { packedOffset: at, contentOffset: this.#contentOffset }, saveStream(stream));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const saved = this.#saved && (await restoreStream(this.#saved, this.#begin));
    await using intake = new Intake(await this.#packed(this.#begin), this.#signal, this.#begin);
    let stream: XzStream | undefined = saved ?? (await openStream(intake));
    while (stream) {
      yield* this.#blocks(intake, stream);
      this.#boundary = undefined;
      await closeStream(intake, stream);
      stream = await nextStream(intake);
    }
  }

  /** Leaves `intake` behind the indicator of the index. */
  async *#blocks(intake: Intake, stream: XzStream): AsyncGenerator<Uint8Array> {
    const { check, met } = stream;
    for (;;) {
      const [first = 0] = await intake.exactly(1, 'an xz stream');
      if (first === 0) return;
      const before = met.count;
      for await (const chunk of blockContent(intake, { first, check, met })) {
        this.#signal?.throwIfAborted();
        this.#contentOffset += chunk.length;
        this.#boundary = met.count > before ? { at: intake.at, stream } : undefined;
        yield chunk;
      }
    }
  }
}
