import type { Bytes, ByteStream } from '../../base/bytes.ts';
import { ContentSums } from '../content-sums.ts';
import { damaged } from '../intake.ts';
import type { Mark, MarkedStream, UnpackOptions } from '../package.ts';
import { sealedMark, unsealedMark, unusableMark } from '../sealed-mark.ts';
import { fromOffset } from '../sequence.ts';
import type { ZipEntry } from './directory.ts';
import { methodOf } from './method.ts';

const TAG = 'Zm 1';

/**
 * A zip member unpacked: never more than the directory tells, and its size and CRC are verified at the end. A mark is
 * the sums so far, and behind them the mark of its method, whichever that is. Packed offsets count from the first packed
 * byte of the member.
 */
export class MarkedMember implements MarkedStream {
  readonly #entry: ZipEntry;
  readonly #content: ByteStream | MarkedStream;
  readonly #sums: ContentSums;

  /** @throws DiskferryError `package-unsupported`, `checkpoint-damaged` */
  constructor(packed: Bytes, entry: ZipEntry, from?: Mark, options: UnpackOptions = {}) {
    const method = methodOf(entry);
    const open = async (offset: number) => fromOffset(packed, offset, options.signal);
    const own = from && unsealedMark(TAG, from);
    this.#entry = entry;
    this.#sums = own ? ContentSums.restore(own) : new ContentSums();
    const inner = from && own && { ...from, state: own.subarray(ContentSums.SAVED) };
    if (from && this.#sums.size !== from.contentOffset) {
      throw unusableMark(`is at ${from.contentOffset} of the content and counts ${this.#sums.size}`);
    }
    this.#content =
      method.decodeFrom?.(open, inner, options) ?? method.decode(fromOffset(packed, 0, options.signal), options);
  }

  mark(from?: number): Mark | undefined {
    const inner = 'mark' in this.#content ? this.#content.mark(from) : undefined;
    return inner && sealedMark(TAG, inner, Buffer.concat([this.#sums.save(), inner.state]));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const [entry, sums] = [this.#entry, this.#sums];
    for await (const chunk of this.#content) {
      sums.add(chunk);
      if (sums.size > entry.size) throw sizeDiffers(entry);
      yield chunk;
    }
    if (sums.size !== entry.size) throw sizeDiffers(entry);
    if (sums.crc !== entry.crc) throw damaged('the CRC-32 of the zip member does not match', entry.headerAt);
  }
}

function sizeDiffers(entry: ZipEntry): Error {
  return damaged(`the zip member does not have the ${entry.size} bytes that the directory tells`, entry.headerAt);
}
