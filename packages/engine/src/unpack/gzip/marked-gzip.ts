import type { ByteStream } from '../../base/bytes.ts';
import { isZero } from '../../base/zero.ts';
import { ContentSums } from '../content-sums.ts';
import { DeflateStream } from '../deflate-stream.ts';
import { damaged, Intake } from '../intake.ts';
import type { Mark, MarkedStream, UnpackOptions } from '../package.ts';
import { sealedMark, unsealedMark, unusableMark } from '../sealed-mark.ts';
import { readGzipHeader, readGzipTrailer } from './header.ts';

const TAG = 'Gz 1';

/**
 * The content of a gzip file (RFC 1952), member after member, each checked against its trailer. Between two chunks it
 * can say how to go on: the sums of the member so far, and the state of the decoder with its window.
 */
export class MarkedGzip implements MarkedStream {
  readonly #packed: (offset: number) => Promise<ByteStream>;
  readonly #options: UnpackOptions;
  readonly #from: { readonly mark: Mark; readonly own: Uint8Array } | undefined;
  #member: Member | undefined;
  #contentOffset: number;

  /** @throws DiskferryError `checkpoint-damaged` */
  constructor(packed: (offset: number) => Promise<ByteStream>, from: Mark | undefined, options: UnpackOptions = {}) {
    this.#packed = packed;
    this.#options = options;
    this.#from = from && { mark: from, own: unsealedMark(TAG, from) };
    this.#contentOffset = from?.contentOffset ?? 0;
  }

  mark(from = 0): Mark | undefined {
    const { deflate, sums } = this.#member ?? {};
    if (!deflate || !sums || deflate.at < from) return undefined;
    const saved = deflate.save();
    if (!saved) return undefined;
    const place = { packedOffset: deflate.at, contentOffset: this.#contentOffset };
    return sealedMark(TAG, place, Buffer.concat([sums.save(), saved]));
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const from = this.#from;
    const begin = from?.mark.packedOffset ?? 0;
    await using intake = new Intake(await this.#packed(begin), this.#options.signal, begin);
    if (from) yield* this.#content(intake, restored(from.mark, from.own));
    else yield* this.#next(intake);
    while (await anotherMember(intake)) yield* this.#next(intake);
  }

  async *#next(intake: Intake): AsyncGenerator<Uint8Array> {
    await readGzipHeader(intake);
    yield* this.#content(intake, { deflate: DeflateStream.begin(intake.at), sums: new ContentSums() });
  }

  async *#content(intake: Intake, member: Member): AsyncGenerator<Uint8Array> {
    using deflate = member.deflate;
    this.#member = member;
    try {
      for await (const chunk of deflate.content(intake, 'the gzip data')) {
        this.#options.signal?.throwIfAborted();
        member.sums.add(chunk);
        this.#contentOffset += chunk.length;
        yield chunk;
      }
    } finally {
      this.#member = undefined;
    }
    await checkTrailer(intake, member.sums);
  }
}

interface Member {
  readonly deflate: DeflateStream;
  readonly sums: ContentSums;
}

/** @throws DiskferryError `checkpoint-damaged` */
function restored(mark: Mark, own: Uint8Array): Member {
  const sums = ContentSums.restore(own);
  const deflate = DeflateStream.restore(own.subarray(ContentSums.SAVED), mark.packedOffset);
  if (deflate.produced === sums.size) return { deflate, sums };
  deflate[Symbol.dispose]();
  throw unusableMark(`counts ${sums.size} bytes of content; its decoder made ${deflate.produced}`);
}

async function checkTrailer(intake: Intake, found: ContentSums): Promise<void> {
  const at = intake.at;
  const told = await readGzipTrailer(intake);
  if (told.crc !== found.crc) throw damaged('the CRC-32 of the gzip content does not match', at);
  if (told.isize !== found.size % 2 ** 32) {
    throw damaged(`the gzip trailer tells ${told.isize} bytes modulo 4 GiB, the content has ${found.size}`, at + 4);
  }
}

async function anotherMember(intake: Intake): Promise<boolean> {
  const at = intake.at;
  const first = await intake.next();
  if (first === undefined) return false;
  if (first[0] === 0x1f) {
    intake.unread(first.length);
    return true;
  }
  for (let rest: Uint8Array | undefined = first; rest !== undefined; rest = await intake.next()) {
    if (!isZero(rest)) throw damaged('something that is neither gzip nor zeros follows the last gzip member', at);
  }
  return false;
}
