import type { Bytes } from '../../../base/bytes.ts';
import { u16le, u64le } from '../../../base/endian.ts';
import { damaged, overLimit, unsupported } from '../../fault.ts';
import { addressOf } from './superblock.ts';
import { KEY_LENGTH, keyAt } from './key.ts';

/** RAID 0, 10, 5 and 6: a chunk is cut into stripes that take turns. */
const STRIPED = 0x8n | 0x40n | 0x80n | 0x100n;
const HEAD = 48;
const STRIPE = 32;
const STRIPE_LIMIT = 256;
/** Of a gigabyte each, more or less. */
const CHUNK_LIMIT = 50_000;

interface Chunk {
  readonly start: number;
  readonly length: number;
  /** Where its copies lie on this device. */
  readonly copies: readonly number[];
  readonly striped: boolean;
}

/** Where the addresses of a filesystem lie on its device. */
export class Chunks {
  readonly #part: Bytes;
  readonly #device: bigint;
  #list: Chunk[] = [];

  constructor(part: Bytes, device: bigint) {
    this.#part = part;
    this.#device = device;
  }

  /** Chunks as the superblock holds them: each behind its key. */
  addAll(bytes: Uint8Array): void {
    for (let at = 0; at + KEY_LENGTH + HEAD <= bytes.length;) {
      const item = bytes.subarray(at + KEY_LENGTH);
      this.add(keyAt(bytes, at).offset, item);
      at += KEY_LENGTH + HEAD + u16le(item, 44) * STRIPE;
    }
  }

  /** @param item as it stands in the tree of chunks, or at the beginning of longer bytes */
  add(start: bigint, item: Uint8Array): void {
    if (this.#list.length >= CHUNK_LIMIT) throw overLimit(`a Btrfs of more than ${CHUNK_LIMIT} chunks`);
    const count = item.length < HEAD ? 0 : u16le(item, 44);
    if (count === 0 || count > STRIPE_LIMIT || item.length < HEAD + count * STRIPE)
      throw damaged('a chunk contradicts itself');
    const copies: number[] = [];
    for (let at = HEAD; at < HEAD + count * STRIPE; at += STRIPE) {
      if (u64le(item, at) === this.#device) copies.push(addressOf(item, at + 8));
    }
    const key = new Uint8Array(8);
    new DataView(key.buffer).setBigUint64(0, start, true);
    const striped = count > 1 && (u64le(item, 24) & STRIPED) !== 0n;
    this.#list.push({ start: addressOf(key, 0), length: addressOf(item, 0), copies, striped });
  }

  /** Every place where a piece of the filesystem can be read, the first one first. @throws GuestFault */
  placesOf(address: number, length: number): readonly number[] {
    const chunk = this.#list.findLast(
      ({ start, length: size }) => address >= start && address + length <= start + size,
    );
    if (!chunk) throw damaged(`address ${address} lies in no chunk`);
    if (chunk.striped) throw unsupported('it is striped over several devices');
    if (chunk.copies.length === 0) throw unsupported('a part of it lies on a device that is not this one');
    return chunk.copies.map((copy) => copy + (address - chunk.start));
  }

  async read(address: number, into: Uint8Array): Promise<void> {
    const [place = 0] = this.placesOf(address, into.length);
    await this.#part.read(place, into);
  }

  async readAt(place: number, into: Uint8Array): Promise<void> {
    await this.#part.read(place, into);
  }
}
