import { isZero } from '../../base/zero.ts';

/** The tables of a window that have been read. Empty ones take no room: a disk made in advance has little else. */
export class WindowPage {
  /** What it may come to hold. */
  readonly bytes: number;
  readonly #empty: Uint8Array;
  readonly #tables: (Uint8Array | undefined)[];

  constructor(tableBytes: number, count: number) {
    this.bytes = (tableBytes + 128) * count;
    this.#empty = new Uint8Array(tableBytes);
    this.#tables = Array.from({ length: count });
  }

  has(slot: number): boolean {
    return this.#tables[slot] !== undefined;
  }

  /** Keeps a copy. The last table of a disk may be shorter than the others. */
  put(slot: number, table: Uint8Array): void {
    if (isZero(table)) {
      this.#tables[slot] = this.#empty;
      return;
    }
    const whole = new Uint8Array(this.#empty.length);
    whole.set(table);
    this.#tables[slot] = whole;
  }

  /** Undefined: the table is empty. */
  table(slot: number): Uint8Array | undefined {
    const table = this.#tables[slot];
    return table === this.#empty ? undefined : table;
  }
}
