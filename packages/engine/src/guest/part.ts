import { endOf, type Bytes, type Range } from '../base/bytes.ts';
import { damaged, overLimit } from './fault.ts';

/** A part of a disk as Bytes of its own. What a structure leads to outside of it is a fault of the disk. */
export class Part implements Bytes {
  readonly size: number;
  readonly #whole: Bytes;
  readonly #start: number;

  constructor(whole: Bytes, range: Range) {
    if (!(range.offset >= 0 && range.length >= 0 && endOf(range) <= whole.size)) {
      throw damaged(`a part from ${range.offset} of ${range.length} bytes leaves the disk of ${whole.size}`);
    }
    this.#whole = whole;
    this.#start = range.offset;
    this.size = range.length;
  }

  async read(offset: number, into: Uint8Array): Promise<void> {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset + into.length > this.size) {
      throw damaged(`a structure leads to byte ${offset} of a part of ${this.size} bytes`);
    }
    await this.#whole.read(this.#start + offset, into);
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

/** A new buffer of a size that an image tells. @throws GuestFault before it is allocated */
export async function readBounded(from: Bytes, range: Range, limit: number, what: string): Promise<Uint8Array> {
  if (!(range.length >= 0 && range.length <= limit)) {
    throw overLimit(`${what} has ${range.length} bytes; ${limit} are allowed`);
  }
  if (!(range.offset >= 0 && endOf(range) <= from.size)) {
    throw damaged(`${what} lies at ${range.offset}, behind the end (${from.size})`);
  }
  const into = new Uint8Array(range.length);
  await from.read(range.offset, into);
  return into;
}
