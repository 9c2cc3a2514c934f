import type { Range } from '../src/base/bytes.ts';
import { DiskferryError } from '../src/base/errors.ts';
import type { Target } from '../src/target/target.ts';

/**
 * A disk with a write cache: what was written and not flushed is lost in a crash, in whole, in part or not at all, in
 * any order. The crash comes before the operation of the given number.
 */
export class VolatileDisk {
  readonly durable: Uint8Array;
  #cache: { offset: number; bytes: Uint8Array }[] = [];

  constructor(durable: Uint8Array) {
    this.durable = durable;
  }

  put(offset: number, bytes: Uint8Array): void {
    this.#cache.push({ offset, bytes: bytes.slice() });
  }

  flush(): void {
    for (const { offset, bytes } of this.#cache) this.durable.set(bytes, offset);
    this.#cache = [];
  }

  read(offset: number, into: Uint8Array): void {
    into.set(this.durable.subarray(offset, offset + into.length));
    for (const write of this.#cache) {
      const begin = Math.max(offset, write.offset);
      const end = Math.min(offset + into.length, write.offset + write.bytes.length);
      if (begin < end) into.set(write.bytes.subarray(begin - write.offset, end - write.offset), begin - offset);
    }
  }

  /** The power is cut: each unflushed write survives or not. */
  crash(random: () => number): void {
    for (const { offset, bytes } of this.#cache) {
      if (random() < 0.4) this.durable.set(bytes, offset);
    }
    this.#cache = [];
  }
}

export interface VolatileOptions {
  readonly startsZeroed: boolean;
  readonly fastZero: boolean;
  readonly align?: number;
  /** Operations (write, zero, flush) until the crash. */
  readonly crashAfter?: number;
}

export class VolatileTarget implements Target {
  readonly label = 'volatile';
  readonly identity = 'volatile';
  readonly kind = 'memory';
  readonly size: number;
  readonly traits: Target['traits'];
  readonly readBack: NonNullable<Target['readBack']>;
  /** Operations after the crash was reported: there must be none once the copy has settled. */
  operations = 0;
  readonly #disk: VolatileDisk;
  readonly #crashAfter: number;

  constructor(disk: VolatileDisk, how: VolatileOptions) {
    this.#disk = disk;
    this.size = disk.durable.length;
    this.#crashAfter = how.crashAfter ?? Infinity;
    this.traits = {
      align: how.align ?? 512,
      preferred: 65536,
      writers: 4,
      startsZeroed: how.startsZeroed,
      fastZero: how.fastZero,
    };
    this.readBack = {
      size: this.size,
      bypassesCache: true,
      read: async (offset, into) => {
        await turn();
        disk.read(offset, into);
      },
      async [Symbol.asyncDispose]() {},
    };
  }

  async write(offset: number, bytes: Uint8Array): Promise<void> {
    this.#operation();
    if (offset % this.traits.align !== 0) throw new DiskferryError('internal', `unaligned write at ${offset}`);
    if (bytes.length % this.traits.align !== 0 && offset + bytes.length !== this.size) {
      throw new DiskferryError('internal', `unaligned write of ${bytes.length}`);
    }
    await turn();
    this.#disk.put(offset, bytes);
  }

  async zero(range: Range): Promise<void> {
    this.#operation();
    if (range.offset + range.length > this.size) throw new DiskferryError('internal', 'zero outside');
    await turn();
    this.#disk.put(range.offset, new Uint8Array(range.length));
  }

  async flush(): Promise<void> {
    this.#operation();
    await turn();
    this.#disk.flush();
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #operation(): void {
    this.operations += 1;
    if (this.operations > this.#crashAfter) throw new DiskferryError('target-write', 'power cut');
  }
}

function turn(): Promise<void> {
  return new Promise(setImmediate);
}
