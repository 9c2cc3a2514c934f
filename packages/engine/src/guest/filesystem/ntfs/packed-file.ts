import { KiB } from '../../../base/align.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { unsupported } from '../../fault.ts';
import { readRuns, type FileRun } from '../runs.ts';
import { unpackLznt1 } from './lznt1.ts';

/** NTFS packs units of 16 clusters of at most 4 KiB. */
const UNIT_LIMIT = 64 * KiB;
/** Units of one file that are kept: a registry is read in hops. */
const KEPT = 16;

/**
 * The content of a file that NTFS has packed. A unit whose clusters are all there is stored as it is, one that has none is
 * zeros, and any other is packed.
 */
export class PackedFile {
  readonly #part: Bytes;
  readonly #runs: readonly FileRun[];
  readonly #unit: number;
  readonly #units = new Map<number, Uint8Array>();

  /** @throws GuestFault where a unit is larger than NTFS makes it */
  constructor(part: Bytes, runs: readonly FileRun[], unit: number) {
    if (!(unit > 0 && unit <= UNIT_LIMIT)) throw unsupported(`a file is packed in units of ${unit} bytes`);
    this.#part = part;
    this.#runs = runs;
    this.#unit = unit;
  }

  async read(offset: number, into: Uint8Array): Promise<void> {
    for (let filled = 0; filled < into.length;) {
      const start = Math.floor((offset + filled) / this.#unit) * this.#unit;
      const content = (await this.#unitAt(start)).subarray(offset + filled - start);
      into.set(content.subarray(0, into.length - filled), filled);
      filled += content.length;
    }
  }

  async #unitAt(start: number): Promise<Uint8Array> {
    const known = this.#units.get(start);
    if (known) return known;
    const unit = new Uint8Array(this.#unit);
    const stored = this.#storedIn(start);
    if (stored >= this.#unit) await readRuns(this.#part, this.#runs, start, unit);
    else if (stored > 0) {
      const packed = new Uint8Array(stored);
      await readRuns(this.#part, this.#runs, start, packed);
      unpackLznt1(packed, unit);
    }
    if (this.#units.size >= KEPT) this.#units.clear();
    this.#units.set(start, unit);
    return unit;
  }

  #storedIn(start: number): number {
    const end = start + this.#unit;
    const inside = ({ offset, length }: FileRun) => Math.min(end, offset + length) - Math.max(start, offset);
    return this.#runs.reduce((sum, run) => sum + Math.max(0, inside(run)), 0);
  }
}
