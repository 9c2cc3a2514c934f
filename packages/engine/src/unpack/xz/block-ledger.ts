import { createHash } from 'node:crypto';
import { u64le } from '../../base/endian.ts';
import { unusableMark } from '../sealed-mark.ts';

/** What the index tells of a block: its length without padding, and that of its content. */
export interface BlockRecord {
  readonly unpadded: number;
  readonly content: number;
}

const DIGEST = 32;

/**
 * The blocks of a stream, as they were met or as the index tells them: a stream of any number of blocks is compared with
 * its index in constant memory. Each digest is of the one before and of the next record, and not one hash that is kept
 * running: that could not be saved.
 */
export class BlockLedger {
  /** Bytes that `save` gives. */
  static readonly SAVED = 8 + DIGEST;
  #count = 0;
  #digest: Uint8Array = new Uint8Array(DIGEST);

  get count(): number {
    return this.#count;
  }

  add(record: BlockRecord): void {
    this.#count += 1;
    const words = Float64Array.of(record.unpadded, record.content);
    this.#digest = createHash('sha256').update(this.#digest).update(new Uint8Array(words.buffer)).digest();
  }

  equals(other: BlockLedger): boolean {
    return this.#count === other.#count && Buffer.compare(this.#digest, other.#digest) === 0;
  }

  save(): Uint8Array {
    const count = Buffer.alloc(8);
    count.writeBigUInt64LE(BigInt(this.#count));
    return Buffer.concat([count, this.#digest]);
  }

  /** @throws DiskferryError `checkpoint-damaged` */
  static restore(saved: Uint8Array): BlockLedger {
    if (saved.length !== BlockLedger.SAVED) throw unusableMark(`keeps ${saved.length} bytes of an xz ledger`);
    const ledger = new BlockLedger();
    ledger.#count = Number(u64le(saved, 0));
    ledger.#digest = Uint8Array.from(saved.subarray(8));
    return ledger;
  }
}
