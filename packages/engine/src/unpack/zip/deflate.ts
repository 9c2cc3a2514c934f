import type { ByteStream } from '../../base/bytes.ts';
import { DeflateStream } from '../deflate-stream.ts';
import { damaged, Intake } from '../intake.ts';
import type { Mark, MarkedStream, UnpackOptions } from '../package.ts';
import { sealedMark, unsealedMark } from '../sealed-mark.ts';

const TAG = 'Df 1';

/** The content of a zip member that is one raw deflate stream and nothing else. Sums and sizes are the directory's. */
export class MarkedDeflate implements MarkedStream {
  readonly #packed: (offset: number) => Promise<ByteStream>;
  readonly #options: UnpackOptions;
  readonly #from: { readonly at: number; readonly saved: Uint8Array } | undefined;
  #deflate: DeflateStream | undefined;
  #contentOffset: number;

  /** @throws DiskferryError `checkpoint-damaged` */
  constructor(packed: (offset: number) => Promise<ByteStream>, from: Mark | undefined, options: UnpackOptions = {}) {
    this.#packed = packed;
    this.#options = options;
    this.#from = from && { at: from.packedOffset, saved: unsealedMark(TAG, from) };
    this.#contentOffset = from?.contentOffset ?? 0;
  }

  mark(from = 0): Mark | undefined {
    if (!this.#deflate || this.#deflate.at < from) return undefined;
    const saved = this.#deflate.save();
    if (!saved) return undefined;
    return sealedMark(TAG, { packedOffset: this.#deflate.at, contentOffset: this.#contentOffset }, saved);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const { at, saved } = this.#from ?? { at: 0, saved: undefined };
    const { signal } = this.#options;
    await using intake = new Intake(await this.#packed(at), signal, at);
    using deflate = saved ? DeflateStream.restore(saved, at) : DeflateStream.begin(at);
    this.#deflate = deflate;
    try {
      for await (const chunk of deflate.content(intake, 'the zip member')) {
        signal?.throwIfAborted();
        this.#contentOffset += chunk.length;
        yield chunk;
      }
    } finally {
      this.#deflate = undefined;
    }
    if (!(await intake.atEnd()))
      throw damaged('the deflate data of a zip member end before the member does', intake.at);
  }
}
