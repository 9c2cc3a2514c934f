import { u32le, u64le } from '../base/endian.ts';
import { crc32 } from './crc32.ts';
import { unusableMark } from './sealed-mark.ts';

/** CRC-32 and length of a content as it goes by: what the members of gzip and zip are checked against at their end. */
export class ContentSums {
  /** Bytes that `save` gives. */
  static readonly SAVED = 12;
  #crc = 0;
  #size = 0;

  get crc(): number {
    return this.#crc;
  }

  get size(): number {
    return this.#size;
  }

  add(chunk: Uint8Array): void {
    this.#crc = crc32(chunk, this.#crc);
    this.#size += chunk.length;
  }

  save(): Uint8Array {
    const saved = Buffer.alloc(ContentSums.SAVED);
    saved.writeUInt32LE(this.#crc, 0);
    saved.writeBigUInt64LE(BigInt(this.#size), 4);
    return saved;
  }

  /** From the head of `saved`. @throws DiskferryError `checkpoint-damaged` */
  static restore(saved: Uint8Array): ContentSums {
    if (saved.length < ContentSums.SAVED) throw unusableMark(`keeps ${saved.length} bytes and no sums`);
    const sums = new ContentSums();
    sums.#crc = u32le(saved, 0);
    sums.#size = Number(u64le(saved, 4));
    return sums;
  }
}
