import { alignDown, SECTOR } from '../../base/align.ts';
import type { ByteStream } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { storedLength, type DataExtent } from '../fetch-plan.ts';
import type { Piece, ScanOptions } from '../image.ts';
import { unpackUnit } from '../unpack-unit.ts';
import { ExpectedHeap, type Expected } from './expected.ts';
import { packedFromShelf, plainFromShelf, sharedPlace } from './from-shelf.ts';
import type { Head } from './head.ts';
import { parseL1, type L1Table } from './l1-table.ts';
import { checkTables, type Layout } from './layout.ts';
import { Shelf } from './shelf.ts';
import { SharedSectors } from './shared-sectors.ts';
import { checkedExtent } from './stored.ts';
import { tableExtents } from './table-extents.ts';

/**
 * One pass over a file. What is known to come (the L1 table; then L2 tables; then what they name) is expected at its
 * offset. Bytes that nobody expects are put on the shelf as long as a table is still to come that could name them:
 *
 *     passing bytes ──expected──> a table: more is expected, or is taken from the shelf
 *                   │             a run of the disk: a piece at once
 *                   └─not (yet)─> the shelf; nothing, once all tables are known
 */
export class OnePass {
  readonly #head: Head;
  readonly #layout: Layout;
  readonly #fileSize: number;
  readonly #signal: AbortSignal | undefined;
  readonly #shelf: Shelf;
  readonly #expected = new ExpectedHeap();
  #position = 0;
  #current: Current | undefined;
  /** The last sector of the packed cluster that has just ended: the next one may begin inside it. */
  #lastSector: LastSector | undefined;
  readonly #shared = new SharedSectors();
  #l1: L1Table | undefined;
  /** Tables that are still to come. */
  #pending = 1;

  constructor(head: Head, how: ScanOptions) {
    const { layout } = head;
    this.#head = head;
    this.#layout = layout;
    this.#fileSize = how.fileSize ?? Number.MAX_SAFE_INTEGER;
    this.#signal = how.signal;
    this.#shelf = new Shelf(how.spill);
    const { offset, length } = layout.l1;
    if (length > 0) this.#expected.push({ kind: 'l1', host: offset, length, guest: 0 });
    else this.#pending = 0;
  }

  /** @param file all of it, from its first byte */
  async *pieces(file: ByteStream): AsyncGenerator<Piece> {
    for await (const chunk of file) {
      this.#signal?.throwIfAborted();
      for (let rest = chunk; rest.length > 0;) {
        yield* this.#begin();
        const part = rest.subarray(0, Math.min(rest.length, this.#wanted()));
        yield* this.#pass(part);
        rest = rest.subarray(part.length);
      }
    }
    yield* this.#end();
  }

  #wanted(): number {
    const current = this.#current;
    return current ? current.is.length - current.done : this.#expected.nearest - this.#position;
  }

  /** Begins what is due here; several packed clusters may lie within one sector. */
  async *#begin(): AsyncGenerator<Piece> {
    while (!this.#current && this.#expected.nearest <= this.#position) {
      const next = this.#expected.pop();
      if (!next) return;
      this.#current = await this.#started(next);
      if (this.#current.done === next.length) yield* this.#complete();
    }
  }

  async #started(is: Expected): Promise<Current> {
    const into = is.kind === 'plain' ? undefined : new Uint8Array(is.length);
    if (is.host === this.#position) {
      await this.#shelveLastSector();
      return { is, into, done: 0 };
    }
    const last = this.#lastSector;
    if (is.kind !== 'packed' || !last || is.host < last.offset) throw sharedPlace(is.host);
    const begun = last.bytes.subarray(is.host - last.offset, is.host - last.offset + is.length);
    into?.set(begun);
    if (begun.length < is.length) this.#leaveLastSector(last);
    return { is, into, done: begun.length };
  }

  async *#pass(part: Uint8Array): AsyncGenerator<Piece> {
    const current = this.#current;
    const at = this.#position;
    if (!current) {
      await this.#shelveLastSector();
      if (this.#pending > 0) await this.#keep(at, part);
    } else if (current.into) current.into.set(part, current.done);
    else yield { offset: current.is.guest + current.done, bytes: part };
    this.#position = at + part.length;
    if (!current) return;
    current.done += part.length;
    if (current.done === current.is.length) yield* this.#complete();
  }

  /** The header's cluster holds nothing that a table may name. */
  async #keep(at: number, part: Uint8Array): Promise<void> {
    const skip = Math.max(0, this.#layout.clusterSize - at);
    await this.#shelf.keep(at + skip, part.subarray(skip));
  }

  /** A cluster that a later table names may lie in the sector too. */
  async #shelveLastSector(): Promise<void> {
    const last = this.#lastSector;
    this.#lastSector = undefined;
    if (last && this.#pending > 0) await this.#shelf.keep(last.offset, last.bytes);
  }

  #leaveLastSector(last: LastSector): void {
    this.#lastSector = undefined;
    if (this.#pending > 0) this.#shared.add(last.offset, last.bytes);
  }

  async *#complete(): AsyncGenerator<Piece> {
    const current = this.#current;
    this.#current = undefined;
    if (!current?.into) return;
    const bytes = current.into.subarray(0, current.done);
    if (current.is.kind === 'l1') yield* this.#adoptL1(bytes);
    else if (current.is.kind === 'l2') yield* this.#adoptL2(bytes, current.is);
    else {
      const { host, guest } = current.is;
      const sector = Math.max(host, alignDown(this.#position - 1, SECTOR));
      this.#lastSector ??= { offset: sector, bytes: bytes.subarray(sector - host) };
      yield this.#unpacked(bytes, host, guest);
    }
  }

  #unpacked(bytes: Uint8Array, host: number, guest: number): Piece {
    const { codec, clusterSize, diskSize } = this.#layout;
    return { offset: guest, bytes: unpackUnit(codec, bytes, clusterSize, host).subarray(0, diskSize - guest) };
  }

  async *#adoptL1(words: Uint8Array): AsyncGenerator<Piece> {
    this.#l1 = parseL1(words, this.#layout, this.#fileSize);
    const { offsets, inFileOrder } = this.#l1;
    const { clusterSize, tableSpan } = this.#layout;
    this.#pending = inFileOrder.length;
    const tables = (isLate: boolean) => tablesOf(offsets, (offset) => offset < this.#position === isLate);
    for (const { offset, index } of tables(false)) {
      this.#expected.push({ kind: 'l2', host: offset, length: clusterSize, guest: index * tableSpan });
    }
    for (const { offset, index } of tables(true)) {
      if (this.#shelf.available(offset, clusterSize) < clusterSize) throw sharedPlace(offset);
      const table = new Uint8Array(clusterSize);
      await this.#shelf.take(offset, table);
      yield* this.#adoptL2(table, { host: offset, guest: index * tableSpan });
    }
  }

  async *#adoptL2(bytes: Uint8Array, from: { host: number; guest: number }): AsyncGenerator<Piece> {
    this.#pending -= 1;
    if (!this.#l1) throw new DiskferryError('internal', 'an L2 table before the L1 table');
    const layout = this.#layout;
    const bounds = { layout, l1: this.#l1, fileSize: this.#fileSize, tableOffset: from.host };
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    const table = { view, offset: from.host, base: from.guest };
    for (const extent of tableExtents(table, { offset: from.guest, length: layout.tableSpan }, layout)) {
      const checked = checkedExtent(extent, bounds);
      if (checked.kind === 'data') yield* this.#place(checked);
    }
  }

  /** What is still to come is expected; what has passed is taken from the shelf. */
  async *#place(extent: DataExtent): AsyncGenerator<Piece> {
    const { form, offset: host } = extent.stored;
    const length = storedLength(extent);
    const guest = extent.offset;
    const passed = Math.min(length, Math.max(0, this.#position - host));
    if (form === 'packed' && passed > 0) {
      const bytes = await packedFromShelf(this.#shelf, this.#shared, { offset: host, length });
      yield this.#unpacked(bytes, host, guest);
      return;
    }
    if (passed > 0) yield* plainFromShelf(this.#shelf, { offset: host, length: passed }, guest);
    if (passed === length) return;
    this.#expected.push({ kind: form, host: host + passed, length: length - passed, guest: guest + passed });
  }

  /** The file has ended: of what was expected, only the padding of a packed cluster's last sector may be missing. */
  async *#end(): AsyncGenerator<Piece> {
    for (;;) {
      yield* this.#begin();
      const current = this.#current;
      const missing = current ? current.is.length - current.done : 0;
      if (!current && this.#expected.size === 0) break;
      if (current?.is.kind !== 'packed' || missing >= SECTOR || current.done === 0) throw this.#truncated();
      yield* this.#complete();
    }
    checkTables(this.#head.header, this.#layout, this.#position);
  }

  #truncated(): DiskferryError {
    const next = this.#current?.is ?? this.#expected.pop();
    const what =
      next?.kind === 'l1' || next?.kind === 'l2' ? `an ${next.kind.toUpperCase()} table` : 'data of the disk';
    const message = `the image ends at ${this.#position}; ${what} is stored at ${next?.host}`;
    return new DiskferryError('image-truncated', message, { offset: this.#position });
  }
}

interface LastSector {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** What is passing by: tables and packed clusters are gathered in `into`, a plain run is passed on as it comes. */
interface Current {
  readonly is: Expected;
  readonly into: Uint8Array | undefined;
  done: number;
}

function* tablesOf(
  offsets: Float64Array,
  wanted: (offset: number) => boolean,
): Generator<{ offset: number; index: number }> {
  for (const [index, offset] of offsets.entries()) {
    if (offset !== 0 && wanted(offset)) yield { offset, index };
  }
}
