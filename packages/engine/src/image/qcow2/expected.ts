import { DiskferryError } from '../../base/errors.ts';

/** What will pass by, at which offset of the file. `guest` is its place on the disk (of a table: what it describes). */
export interface Expected {
  readonly kind: 'l1' | 'l2' | 'plain' | 'packed';
  readonly host: number;
  readonly length: number;
  readonly guest: number;
}

const KINDS = ['l1', 'l2', 'plain', 'packed'] as const;
const WIDTH = 4;
/** 32 bytes each, so 64 MiB: a fragmented disk of 128 GiB with 64 KiB clusters, or any size in long runs. */
const LIMIT = 2 ** 21;

/**
 * What is known to come, the nearest in the file first: a binary heap in one typed array, because millions of objects
 * would outgrow the memory a copy may use.
 */
export class ExpectedHeap {
  #words = new Float64Array(1024 * WIDTH);
  #count = 0;

  get size(): number {
    return this.#count;
  }

  /** Offset in the file of the nearest, Infinity where nothing is expected. */
  get nearest(): number {
    return this.#count === 0 ? Number.POSITIVE_INFINITY : this.#host(0);
  }

  push(expected: Expected): void {
    if (this.#count === LIMIT) {
      const message = `more than ${LIMIT} separate runs of the disk are known before they pass by`;
      throw new DiskferryError('image-second-pass', message, { offset: expected.host });
    }
    if ((this.#count + 1) * WIDTH > this.#words.length) this.#grow();
    const at = this.#rise(this.#count, expected.host);
    this.#words.set([expected.host, expected.length, expected.guest, KINDS.indexOf(expected.kind)], at * WIDTH);
    this.#count += 1;
  }

  pop(): Expected | undefined {
    if (this.#count === 0) return undefined;
    const [host = 0, length = 0, guest = 0, kind = 0] = this.#words.subarray(0, WIDTH);
    this.#count -= 1;
    if (this.#count > 0) {
      const hole = this.#sink(this.#host(this.#count));
      this.#move(this.#count, hole);
    }
    return { kind: KINDS[kind] ?? 'plain', host, length, guest };
  }

  #host(index: number): number {
    return this.#words[index * WIDTH] ?? 0;
  }

  /** Moves a free place up until a value of `host` fits there. */
  #rise(index: number, host: number): number {
    let at = index;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (this.#host(parent) <= host) break;
      this.#move(parent, at);
      at = parent;
    }
    return at;
  }

  /** Moves the free place at the top down until a value of `host` fits there. */
  #sink(host: number): number {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      if (left >= this.#count) return at;
      const child = left + 1 < this.#count && this.#host(left + 1) < this.#host(left) ? left + 1 : left;
      if (this.#host(child) >= host) return at;
      this.#move(child, at);
      at = child;
    }
  }

  #move(from: number, to: number): void {
    this.#words.copyWithin(to * WIDTH, from * WIDTH, (from + 1) * WIDTH);
  }

  #grow(): void {
    const grown = new Float64Array(this.#words.length * 2);
    grown.set(this.#words);
    this.#words = grown;
  }
}
