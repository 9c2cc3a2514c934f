import { KiB } from '../../base/align.ts';
import { type Range, endOf } from '../../base/bytes.ts';

const PAGE = 64 * KiB;

/**
 * The medium of a memory target: pages of 64 KiB, of which only those with data exist, so that a disk of terabytes costs
 * what is written to it. It outlives the targets that are opened on it, as a disk outlives a process.
 */
export class MemoryDisk {
  readonly size: number;
  readonly #pages = new Map<number, Uint8Array>();

  constructor(size: number) {
    this.size = size;
  }

  get isBlank(): boolean {
    return this.#pages.size === 0;
  }

  get allocatedBytes(): number {
    return this.#pages.size * PAGE;
  }

  write(offset: number, bytes: Uint8Array): void {
    for (const part of partsOf({ offset, length: bytes.length })) {
      let page = this.#pages.get(part.page);
      if (page === undefined) this.#pages.set(part.page, (page = new Uint8Array(PAGE)));
      page.set(bytes.subarray(part.done, part.done + part.length), part.within);
    }
  }

  zero(range: Range): void {
    // Walks what is stored, not what is named: the range may be terabytes of nothing.
    for (const [index, page] of this.#pages) {
      const from = Math.max(range.offset, index * PAGE) - index * PAGE;
      const to = Math.min(endOf(range), (index + 1) * PAGE) - index * PAGE;
      if (from === 0 && to === PAGE) this.#pages.delete(index);
      else if (from < to) page.fill(0, from, to);
    }
  }

  read(offset: number, into: Uint8Array): void {
    for (const part of partsOf({ offset, length: into.length })) {
      const target = into.subarray(part.done, part.done + part.length);
      const page = this.#pages.get(part.page);
      if (page === undefined) target.fill(0);
      else target.set(page.subarray(part.within, part.within + part.length));
    }
  }
}

interface Part {
  readonly page: number;
  readonly within: number;
  readonly length: number;
  /** How much of the range lies before this part. */
  readonly done: number;
}

function* partsOf(range: Range): Iterable<Part> {
  for (let done = 0; done < range.length;) {
    const at = range.offset + done;
    const within = at % PAGE;
    const length = Math.min(PAGE - within, range.length - done);
    yield { page: (at - within) / PAGE, within, length, done };
    done += length;
  }
}
