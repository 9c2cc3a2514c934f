import { KiB, MiB } from '../../base/align.ts';

const FIRST_SIZE = 64 * KiB;
/** What one LZMA2 chunk can write at most. */
const CHUNK_LIMIT = 2 * MiB;

/**
 * The last bytes of what was decoded: a plain buffer with room for a chunk behind the dictionary. When the room is used
 * up, the dictionary moves to the front; an eighth of the dictionary as extra room keeps that rare. It grows with what
 * was really decoded: a header that claims 128 MiB costs nothing by itself.
 */
export class Window {
  bytes = new Uint8Array(0);
  /** Where the next byte goes. */
  at = 0;
  readonly #dictionary: number;
  /** Where the bytes begin that may be referred to: a reset makes the older ones unreachable. */
  #start = 0;

  constructor(dictionary: number) {
    this.#dictionary = dictionary;
  }

  reset(): void {
    this.#start = this.at;
  }

  /** How far back a match may reach. */
  get reach(): number {
    return Math.min(this.at - this.#start, this.#dictionary);
  }

  /** Makes room for `length` more bytes, at most CHUNK_LIMIT. Invalidates what was handed out of `bytes`. */
  makeRoom(length: number): void {
    if (this.at + length <= this.bytes.length) return;
    const kept = this.bytes.subarray(this.at - this.reach, this.at);
    const most = this.#dictionary + CHUNK_LIMIT + Math.max(CHUNK_LIMIT, this.#dictionary >>> 3);
    const wanted = Math.min(most, Math.max(FIRST_SIZE, (kept.length + length) * 2));
    if (wanted > this.bytes.length) {
      const larger = new Uint8Array(wanted);
      larger.set(kept);
      this.bytes = larger;
    } else {
      this.bytes.copyWithin(0, this.at - kept.length, this.at);
    }
    this.at = kept.length;
    this.#start = 0;
  }

  put(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** Repeats `length` bytes from `distance` back (1: the last byte). Both were checked. */
  repeat(distance: number, length: number): void {
    const { bytes, at } = this;
    const end = at + length;
    if (length > 48 && distance >= length) {
      bytes.copyWithin(at, at - distance, end - distance);
    } else if (length > 48 && distance === 1) {
      bytes.fill(bytes[at - 1] as number, at, end);
    } else {
      for (let to = at; to < end; to++) bytes[to] = bytes[to - distance] as number;
    }
    this.at = end;
  }
}
