import { alignDown, SECTOR } from '../../base/align.ts';
import { endOf, type Range } from '../../base/bytes.ts';

/** How many are remembered: 512 KiB. A cluster of another table that lies in one of them is named soon after. */
const LIMIT = 1024;

/**
 * The last sectors in which one packed cluster ends and another begins. A third one, so small that it lies between the
 * two, may be named by a table that comes a little later: tables are put behind the packed clusters of the moment.
 */
export class SharedSectors {
  /** By the offset of the sector in the file, the oldest first. `offset`: where the bytes that are known begin. */
  readonly #sectors = new Map<number, { readonly offset: number; readonly bytes: Uint8Array }>();

  add(offset: number, bytes: Uint8Array): void {
    this.#sectors.set(alignDown(offset, SECTOR), { offset, bytes: bytes.slice() });
    const oldest = this.#sectors.keys().next().value;
    if (this.#sectors.size > LIMIT && oldest !== undefined) this.#sectors.delete(oldest);
  }

  /** A range that lies within one sector, if that is remembered. */
  find({ offset, length }: Range): Uint8Array | undefined {
    const sector = this.#sectors.get(alignDown(offset, SECTOR));
    if (!sector || offset < sector.offset || endOf({ offset, length }) > sector.offset + sector.bytes.length)
      return undefined;
    return sector.bytes.subarray(offset - sector.offset, offset - sector.offset + length);
  }
}
