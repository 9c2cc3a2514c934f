import type { ByteStream } from '../../base/bytes.ts';
import { u32le } from '../../base/endian.ts';
import { damaged, Intake } from '../intake.ts';
import type { Mark, MarkedStream, UnpackOptions } from '../package.ts';
import { sealedMark, unsealedMark, unusableMark } from '../sealed-mark.ts';
import { frameContent } from './frame-content.ts';
import { isFrame, isSkippable, MAGIC_LENGTH } from './frame.ts';

const TAG = 'Zs 1';
const NOTHING = new Uint8Array(0);

/**
 * The content of zstd frames. Nothing of a frame is needed for the next one: behind the last chunk of a frame stands a
 * mark, which has no state. That a chunk is the last is known only when the frame has ended, so one is held back.
 */
export class MarkedZstd implements MarkedStream {
  readonly #packed: (offset: number) => Promise<ByteStream>;
  readonly #signal: AbortSignal | undefined;
  readonly #begin: number;
  readonly #resumed: boolean;
  #contentOffset: number;
  /** Where the frame ended whose last chunk was given. */
  #boundary: number | undefined;

  /** @throws DiskferryError `checkpoint-damaged` */
  constructor(packed: (offset: number) => Promise<ByteStream>, from: Mark | undefined, options: UnpackOptions = {}) {
    if (from && unsealedMark(TAG, from).length > 0) throw unusableMark('keeps more than the end of a zstd frame');
    this.#packed = packed;
    this.#signal = options.signal;
    this.#begin = from?.packedOffset ?? 0;
    this.#resumed = from !== undefined;
    this.#contentOffset = from?.contentOffset ?? 0;
  }

  mark(from = 0): Mark | undefined {
    if (this.#boundary === undefined || this.#boundary < from) return undefined;
    return sealedMark(TAG, { packedOffset: this.#boundary, contentOffset: this.#contentOffset }, NOTHING);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    await using intake = new Intake(await this.#packed(this.#begin), this.#signal, this.#begin);
    // The file may end where the mark stands; without one there is a frame at least.
    if (this.#resumed && (await intake.atEnd())) return;
    do {
      const at = intake.at;
      const magic = new Uint8Array(await intake.exactly(MAGIC_LENGTH, 'the magic of a zstd frame'));
      if (isSkippable(magic)) await passSkippable(intake);
      else if (isFrame(magic)) yield* this.#frame(intake, magic, at);
      else throw damaged('something that is not zstd follows', at);
    } while (!(await intake.atEnd()));
  }

  async *#frame(intake: Intake, magic: Uint8Array, at: number): AsyncGenerator<Uint8Array> {
    let held: Uint8Array | undefined;
    for await (const chunk of frameContent(intake, { magic, at })) {
      this.#signal?.throwIfAborted();
      if (held) yield this.#given(held, undefined);
      held = chunk;
    }
    if (held) yield this.#given(held, intake.at);
  }

  #given(chunk: Uint8Array, boundary: number | undefined): Uint8Array {
    this.#contentOffset += chunk.length;
    this.#boundary = boundary;
    return chunk;
  }
}

async function passSkippable(intake: Intake): Promise<void> {
  const length = u32le(await intake.exactly(4, 'a skippable zstd frame'), 0);
  await intake.skip(length, 'a skippable zstd frame');
}
