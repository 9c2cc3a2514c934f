import { MiB } from '../base/align.ts';
import type { Bytes } from '../base/bytes.ts';
import type { Piece } from '../image/image.ts';
import { overLimit } from './fault.ts';

/** How much of a disk that goes by is kept to be looked at. */
export const SEEN_LIMIT = 48 * MiB;
const PIECE_LIMIT = 50_000;

/**
 * The part of a disk that went by at the beginning of a packed image. What was not seen is unknown and never zeros: it may
 * still come.
 */
export class PassedDisk implements Bytes {
  readonly size: number;
  readonly #pieces: Piece[] = [];
  #kept = 0;

  /** @param size undefined where only the end of the image tells */
  constructor(size: number | undefined) {
    this.size = size ?? Number.MAX_SAFE_INTEGER;
  }

  get seen(): number {
    return this.#kept;
  }

  /** Keeps a copy; false when it has seen enough. */
  keep(piece: Piece): boolean {
    this.#pieces.push({ offset: piece.offset, bytes: piece.bytes.slice() });
    this.#kept += piece.bytes.length;
    return this.#kept < SEEN_LIMIT && this.#pieces.length < PIECE_LIMIT;
  }

  /** To be called when the last piece was kept. */
  sort(): void {
    this.#pieces.sort((a, b) => a.offset - b.offset);
  }

  async read(offset: number, into: Uint8Array): Promise<void> {
    const end = offset + into.length;
    let at = offset;
    for (let index = this.#firstBehind(offset); at < end; index++) {
      const piece = this.#pieces[index];
      if (!piece || piece.offset > at)
        throw overLimit(`not seen: the image is packed, and byte ${at} of the disk comes later`);
      const part = piece.bytes.subarray(at - piece.offset, end - piece.offset);
      into.set(part, at - offset);
      at += part.length;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** The first piece that ends behind an offset: pieces do not overlap, so that their ends ascend as well. */
  #firstBehind(offset: number): number {
    let low = 0;
    let high = this.#pieces.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const piece = this.#pieces[middle];
      if (piece && piece.offset + piece.bytes.length <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
