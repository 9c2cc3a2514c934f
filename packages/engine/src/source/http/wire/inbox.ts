import { KiB, MiB } from '../../../base/align.ts';

/** What a socket has received and nobody has taken yet. */
export interface Inbox {
  /** The socket writes here, always from its beginning. */
  readonly buffer: Uint8Array;
  /** So many bytes have been written to `buffer`. False where there is no room for them. */
  put(length: number): boolean;
  /** Everything at hand, or undefined. What was taken before is over by now. */
  take(): Uint8Array | undefined;
}

/** Large enough that what is done once for a chunk costs nothing, small enough to stay in the cache of a core. */
const DIRECT = 256 * KiB;

/** Gives the very buffer of the socket. The socket must be paused from `put` until `take` finds nothing. */
export class DirectInbox implements Inbox {
  readonly buffer: Uint8Array = new Uint8Array(DIRECT);
  #length = 0;
  #isOut = false;

  put(length: number): boolean {
    if (this.#isOut || this.#length > 0) return false;
    this.#length = length;
    return true;
  }

  take(): Uint8Array | undefined {
    this.#isOut = this.#length > 0;
    if (!this.#isOut) return undefined;
    const taken = this.buffer.subarray(0, this.#length);
    this.#length = 0;
    return taken;
  }
}

const RECORD = 16 * KiB;
const GATHERED_LIMIT = 1 * MiB;

/**
 * For TLS: what one read brings is decrypted to its end, whether the socket is paused or not, and each record overwrites
 * the one before. So records are gathered, in two buffers that take turns: one fills while the other is out.
 */
export class GatheringInbox implements Inbox {
  readonly buffer: Uint8Array = new Uint8Array(RECORD);
  #filling: Uint8Array = new Uint8Array(4 * RECORD);
  #out: Uint8Array = new Uint8Array(4 * RECORD);
  #length = 0;

  put(length: number): boolean {
    const end = this.#length + length;
    if (end > GATHERED_LIMIT) return false;
    if (end > this.#filling.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#filling.length));
      grown.set(this.#filling.subarray(0, this.#length));
      this.#filling = grown;
    }
    this.#filling.set(this.buffer.subarray(0, length), this.#length);
    this.#length = end;
    return true;
  }

  take(): Uint8Array | undefined {
    if (this.#length === 0) return undefined;
    const taken = this.#filling.subarray(0, this.#length);
    [this.#filling, this.#out] = [this.#out, this.#filling];
    this.#length = 0;
    return taken;
  }
}
