import { crc32 } from 'node:zlib';
import type { ByteStream } from '../../base/bytes.ts';
import { u32le, u64le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { isZero } from '../../base/zero.ts';
import { Inflater } from '../../inflate/inflater.ts';
import type { Inflating } from '../../inflate/inflating.ts';
import { openInflating } from '../../inflate/open-inflating.ts';
import { InflateError } from '../../inflate/refusal.ts';
import { damaged, Intake } from '../intake.ts';
import type { Mark, MarkedStream, UnpackOptions } from '../package.ts';
import { readGzipHeader, readGzipTrailer } from './header.ts';

/**
 * The content of a gzip file (RFC 1952), member after member, each checked against its trailer. Between two chunks it
 * can say how to go on: the state of the decoder with its window, and how far the CRC and the length have come.
 */
export class MarkedGzip implements MarkedStream {
  readonly #packed: (offset: number) => Promise<ByteStream>;
  readonly #options: UnpackOptions;
  readonly #from: Mark | undefined;
  #member: Member | undefined;
  #contentOffset: number;

  constructor(packed: (offset: number) => Promise<ByteStream>, from: Mark | undefined, options: UnpackOptions = {}) {
    this.#packed = packed;
    this.#options = options;
    this.#from = from;
    this.#contentOffset = from?.contentOffset ?? 0;
  }

  mark(): Mark | undefined {
    const member = this.#member;
    const state = member?.inflating.save?.();
    if (!member || !state) return undefined;
    const packedOffset = member.start + member.inflating.consumed;
    return { packedOffset, contentOffset: this.#contentOffset, state: withSums(member, state) };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    const begin = this.#from?.packedOffset ?? 0;
    await using intake = new Intake(await this.#packed(begin), this.#options.signal);
    try {
      if (this.#from) yield* this.#content(intake, begin, restored(this.#from));
      else yield* this.#next(intake, begin);
      while (await anotherMember(intake)) yield* this.#next(intake, begin);
    } finally {
      this.#member?.inflating[Symbol.dispose]();
      this.#member = undefined;
    }
  }

  async *#next(intake: Intake, base: number): AsyncGenerator<Uint8Array> {
    await readGzipHeader(intake);
    yield* this.#content(intake, base, { inflating: openInflating(), start: base + intake.at, crc: 0, size: 0 });
  }

  /** @param base where the intake begins in the file */
  async *#content(intake: Intake, base: number, member: Member): AsyncGenerator<Uint8Array> {
    this.#member = member;
    for await (const chunk of inflated(member.inflating, intake, base)) {
      this.#options.signal?.throwIfAborted();
      member.crc = crc32(chunk, member.crc);
      member.size += chunk.length;
      this.#contentOffset += chunk.length;
      yield chunk;
    }
    intake.unread(member.inflating.unused);
    member.inflating[Symbol.dispose]();
    this.#member = undefined;
    await checkTrailer(intake, member);
  }
}

interface Member {
  readonly inflating: Inflating;
  /** Where its deflate data begin in the file. */
  readonly start: number;
  crc: number;
  size: number;
}

async function* inflated(inflating: Inflating, intake: Intake, base: number): ByteStream {
  const start = base + intake.at;
  try {
    for (;;) {
      const content = await inflating.pull();
      if (content) yield content;
      else if (inflating.finished) return;
      else {
        const packed = await intake.next();
        if (packed) inflating.push(packed);
        else await inflating.end();
      }
    }
  } catch (thrown) {
    throw asPackageError(thrown, start + inflating.consumed);
  }
}

function asPackageError(thrown: unknown, offset: number): unknown {
  if (!(thrown instanceof InflateError)) return thrown;
  if (thrown.reason === 'truncated') {
    const message = `the gzip data end at byte ${offset}, before their end mark`;
    return new DiskferryError('package-truncated', message, { offset, cause: thrown });
  }
  return damaged(`the gzip data: ${thrown.message}`, offset);
}

async function checkTrailer(intake: Intake, found: { crc: number; size: number }): Promise<void> {
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

/** In front of the decoder's own state: CRC-32 (4 bytes) and length (8 bytes) of the member's content so far. */
const SUMS = 12;

function withSums(member: Member, state: Uint8Array): Uint8Array {
  const sums = Buffer.alloc(SUMS);
  sums.writeUInt32LE(member.crc, 0);
  sums.writeBigUInt64LE(BigInt(member.size), 4);
  return Buffer.concat([sums, state]);
}

/** @throws DiskferryError `checkpoint-damaged` */
function restored(mark: Mark): Member {
  try {
    const inflating = Inflater.restore(mark.state.subarray(SUMS));
    const start = mark.packedOffset - inflating.consumed;
    return { inflating, start, crc: u32le(mark.state, 0), size: Number(u64le(mark.state, 4)) };
  } catch (cause) {
    throw new DiskferryError('checkpoint-damaged', 'the saved place in the gzip cannot be used', { cause });
  }
}
