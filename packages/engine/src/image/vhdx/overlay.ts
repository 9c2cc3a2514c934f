import { endOf, overlap, type Bytes, type Range } from '../../base/bytes.ts';
import { LOG_SECTOR, type Change } from './log-entry.ts';

/** Ranges of zeros in one log; Hyper-V and qemu write a handful. */
const ZERO_LIMIT = 1024;
/** 64 MiB of changed sectors. */
const SECTOR_LIMIT = 16_384;

/**
 * A file with the changes of its log laid over it: the latest change of a place is what is read. What lies behind the
 * end of the file, up to where the log says that it ends, is zeros.
 */
export class Overlay implements Bytes {
  readonly #file: Bytes;
  /** Changed sectors by their number: newer than the zeros. */
  readonly #sectors = new Map<number, Uint8Array>();
  readonly #zeros: Range[] = [];
  #size: number;

  constructor(file: Bytes, size: number) {
    this.#file = file;
    this.#size = Math.max(file.size, size);
  }

  get size(): number {
    return this.#size;
  }

  /** Changes are applied in their order. Answers false where there are too many. */
  apply({ offset, length, content }: Change): boolean {
    this.#size = Math.max(this.#size, offset + length);
    if (content) this.#sectors.set(offset / LOG_SECTOR, content);
    else if (length > 0) this.#zero({ offset, length });
    return this.#zeros.length <= ZERO_LIMIT && this.#sectors.size <= SECTOR_LIMIT;
  }

  /** Whether any byte of the range is other than in the file. */
  changes(range: Range): boolean {
    if (endOf(range) > this.#file.size || this.#zeros.some((zeros) => overlap(zeros, range))) return true;
    return [...this.#sectors.keys()].some((sector) => overlap(placeOf(sector), range));
  }

  async read(offset: number, into: Uint8Array, signal?: AbortSignal): Promise<void> {
    const within = { offset, length: into.length };
    const stored = Math.min(Math.max(this.#file.size - offset, 0), into.length);
    if (stored > 0) await this.#file.read(offset, into.subarray(0, stored), signal);
    into.fill(0, stored);
    for (const zeros of this.#zeros) {
      const part = overlap(zeros, within);
      if (part) into.fill(0, part.offset - offset, endOf(part) - offset);
    }
    for (const [sector, content] of this.#inside(within)) {
      const place = placeOf(sector);
      const part = overlap(place, within);
      if (part)
        into.set(content.subarray(part.offset - place.offset, endOf(part) - place.offset), part.offset - offset);
    }
  }

  /** The file belongs to whoever opened it. */
  async [Symbol.asyncDispose](): Promise<void> {}

  #zero(zeros: Range): void {
    for (const sector of this.#sectors.keys()) if (overlap(placeOf(sector), zeros)) this.#sectors.delete(sector);
    this.#zeros.push(zeros);
  }

  /** Goes through whichever is fewer: the changed sectors, or the sectors of the range. */
  *#inside(within: Range): Iterable<[number, Uint8Array]> {
    const first = Math.floor(within.offset / LOG_SECTOR);
    const last = Math.ceil(endOf(within) / LOG_SECTOR);
    if (last - first > this.#sectors.size) {
      yield* this.#sectors;
      return;
    }
    for (let sector = first; sector < last; sector++) {
      const content = this.#sectors.get(sector);
      if (content) yield [sector, content];
    }
  }
}

function placeOf(sector: number): Range {
  return { offset: sector * LOG_SECTOR, length: LOG_SECTOR };
}
