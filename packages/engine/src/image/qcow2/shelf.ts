import { MiB } from '../../base/align.ts';
import type { Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Spill } from '../image.ts';

/** Bytes are gathered to blocks of this size before they go to the spill; an image that needs less leaves it alone. */
export const SHELF_MEMORY = 8 * MiB;
const BLOCK = SHELF_MEMORY;
/** Separate runs that are kept: 24 bytes each. */
const RUN_LIMIT = 2 ** 20;

/**
 * Ranges of the passing file whose meaning is not known yet. Kept in ascending order of the file; found again by their
 * offset in the file. A full block goes to the spill.
 */
export class Shelf {
  readonly #spill: Spill;
  /** The block that is being filled: small at first, because most images need a few KiB. */
  #block = new Uint8Array(BLOCK / 128);
  /** Where each full block lies in the spill. */
  readonly #blocks: number[] = [];
  /** Bytes on the shelf so far: addresses on it count from the first byte that was ever kept. */
  #length = 0;
  #runs = new Float64Array(256 * 3);
  #runCount = 0;

  constructor(spill: Spill) {
    this.#spill = spill;
  }

  /** Keeps a copy. `offset` is not below the end of what was kept before. */
  async keep(offset: number, bytes: Uint8Array): Promise<void> {
    if (bytes.length === 0) return;
    this.#note(offset, bytes.length);
    for (let done = 0; done < bytes.length;) {
      const at = this.#length % BLOCK;
      const part = bytes.subarray(done, done + BLOCK - at);
      this.#makeRoom(at + part.length);
      this.#block.set(part, at);
      this.#length += part.length;
      done += part.length;
      if (this.#length % BLOCK === 0) await this.#store(offset);
    }
  }

  /** How many of `length` bytes from `offset` on are on the shelf. Neighbours in the file are one run, so none is missed. */
  available(offset: number, length: number): number {
    const run = this.#find(offset);
    return run ? Math.min(length, run.offset + run.length - offset) : 0;
  }

  /** Fills `into` with the bytes of the file from `offset` on, all of which are `available`. */
  async take(offset: number, into: Uint8Array): Promise<void> {
    const run = this.#find(offset);
    if (!run) throw new DiskferryError('internal', `nothing is kept of the file at ${offset}`);
    await this.#copy(run.at + offset - run.offset, into);
  }

  async #copy(at: number, into: Uint8Array): Promise<void> {
    for (let done = 0; done < into.length;) {
      const index = Math.floor((at + done) / BLOCK);
      const skip = (at + done) % BLOCK;
      const part = into.subarray(done, done + BLOCK - skip);
      const stored = this.#blocks[index];
      if (stored === undefined) part.set(this.#block.subarray(skip, skip + part.length));
      else await this.#spill.get(stored + skip, part);
      done += part.length;
    }
  }

  async #store(offset: number): Promise<void> {
    const at = await this.#spill.put(this.#block);
    if (at === undefined) throw full(`${this.#length} bytes wait for tables that come later`, offset);
    this.#blocks.push(at);
  }

  #makeRoom(length: number): void {
    if (length <= this.#block.length) return;
    const grown = new Uint8Array(Math.min(BLOCK, Math.max(length, this.#block.length * 2)));
    grown.set(this.#block);
    this.#block = grown;
  }

  #note(offset: number, length: number): void {
    const last = (this.#runCount - 1) * 3;
    const words = this.#runs;
    if (last >= 0 && (words[last] ?? 0) + (words[last + 1] ?? 0) === offset) {
      words[last + 1] = (words[last + 1] ?? 0) + length;
      return;
    }
    if (this.#runCount === RUN_LIMIT) throw full(`more than ${RUN_LIMIT} runs wait for tables that come later`, offset);
    if ((this.#runCount + 1) * 3 > words.length) this.#grow();
    this.#runs.set([offset, length, this.#length], this.#runCount * 3);
    this.#runCount += 1;
  }

  #grow(): void {
    const grown = new Float64Array(this.#runs.length * 2);
    grown.set(this.#runs);
    this.#runs = grown;
  }

  /** The run that holds the byte of the file at `offset`. */
  #find(offset: number): (Range & { readonly at: number }) | undefined {
    let low = 0;
    let high = this.#runCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#runs[middle * 3] ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    const [start = 0, length = 0, at = 0] = this.#runs.subarray((low - 1) * 3, low * 3);
    return low > 0 && offset < start + length ? { offset: start, length, at } : undefined;
  }
}

function full(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-second-pass', message, { offset });
}
