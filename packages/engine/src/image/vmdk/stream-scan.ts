import { alignUp, SECTOR } from '../../base/align.ts';
import { DiskferryError } from '../../base/errors.ts';
import { isZero } from '../../base/zero.ts';
import type { ForwardBytes } from '../forward-bytes.ts';
import type { Piece, Scan } from '../image.ts';
import { unpackUnit } from '../unpack-unit.ts';
import { checkedFooter } from './footer.ts';
import { GrainLedger } from './grain-ledger.ts';
import { embeddedDescriptor, layoutOf, openHosted } from './hosted-extent.ts';
import { refuseBare } from './kind.ts';
import { markerOf, type Marker } from './marker.ts';
import { monolithicFacts } from './monolithic-disk.ts';
import { checkedPackedSize, lastGrainBytes, unpackedLastGrain } from './packed-grains.ts';
import { Passing } from './passing.ts';
import { directoryBytes, type SparseHeader } from './sparse-header.ts';
import { GRAIN_MARKER_BYTES, tableCount, type SparseLayout } from './sparse-layout.ts';
import { PassingTables, tablesInFront, type StreamTables } from './stream-tables.ts';

/**
 * A stream-optimized disk in one pass. Every grain carries its address, so that none of the tables is needed:
 *
 *     header │ descriptor │ (tables) │ marker+grain … │ marker+table … │ marker+directory │ marker+footer │ end marker
 *
 * What the ranged way takes from the tables is compared with what went by: each grain once, at its place, and the end
 * mark. Images with their tables in front (qemu-img, VMware's local exports) may lack the end mark.
 */
export async function scanGrainStream(file: ForwardBytes, header: SparseHeader, signal?: AbortSignal): Promise<Scan> {
  if (!header.marked) {
    const message = 'VMDK: packed grains without markers: their addresses stand only in the tables';
    throw new DiskferryError('image-second-pass', message, { offset: 8 });
  }
  const descriptor = await embeddedDescriptor(file, header, signal);
  if (!descriptor) throw refuseBare('sparse');
  const facts = monolithicFacts(header, descriptor);
  const walk = await walkOf(file, header, signal);
  return {
    size: header.capacity,
    facts,
    pieces: () => walk.pieces(new Passing(file.rest())),
    conclude: () => ({ size: header.capacity, facts }),
  };
}

async function walkOf(file: ForwardBytes, header: SparseHeader, signal?: AbortSignal): Promise<GrainWalk> {
  if (header.directory === undefined) {
    const layout = layoutOf(header, { offset: 0, length: 0 });
    const ledger = new GrainLedger(layout);
    const tables = new PassingTables(layout);
    return new GrainWalk(header, layout, { ledger, tables, passing: tables }, signal);
  }
  const sector = await file.head(SECTOR, signal);
  const { layout } = await openHosted(file, sector, signal);
  const ledger = new GrainLedger(layout);
  return new GrainWalk(header, layout, { ledger, tables: await tablesInFront(file, layout, signal) }, signal);
}

interface Books {
  readonly ledger: GrainLedger;
  readonly tables: StreamTables;
  /** Set where the tables come with the stream and the footer must be there. */
  readonly passing?: PassingTables;
}

class GrainWalk {
  readonly #header: SparseHeader;
  readonly #layout: SparseLayout;
  readonly #books: Books;
  readonly #signal: AbortSignal | undefined;
  #footerSeen = false;
  #endMarkSeen = false;

  constructor(header: SparseHeader, layout: SparseLayout, books: Books, signal?: AbortSignal) {
    this.#header = header;
    this.#layout = layout;
    this.#books = books;
    this.#signal = signal;
  }

  async *pieces(input: Passing): AsyncIterable<Piece> {
    try {
      if (!(await input.skipTo(this.#begin()))) throw truncated('the first grain', input.position);
      for (let more = true; more;) {
        this.#signal?.throwIfAborted();
        const marker = await this.#marker(input);
        if (marker.kind === 'grain') yield await this.#grain(input, marker);
        else more = await this.#metadata(input, marker);
      }
      this.#books.tables.compare(this.#books.ledger, this.#endMarkSeen);
    } finally {
      await input.close();
    }
  }

  /** Grains begin behind the overhead; what lies before it is header, descriptor and tables in front. */
  #begin(): number {
    const descriptor = this.#header.descriptor;
    return Math.max(this.#header.overhead, descriptor ? descriptor.offset + descriptor.length : SECTOR);
  }

  /** The end of the file stands for the end mark where the tables came in front. */
  async #marker(input: Passing): Promise<Marker> {
    const bytes = await input.peek(16);
    if (bytes.length === 16) return markerOf(bytes, input.position);
    if (this.#books.passing || !isZero(bytes))
      throw truncated('the end-of-stream marker', input.position + bytes.length);
    return { kind: 'end', sectors: 0 };
  }

  async #grain(input: Passing, marker: { readonly lba: number; readonly size: number }): Promise<Piece> {
    const at = input.position;
    const size = checkedPackedSize(marker.size, this.#layout.grain, at);
    const offset = this.#books.ledger.note(marker.lba, at);
    const stored = await input.take(GRAIN_MARKER_BYTES + size);
    if (stored.length < GRAIN_MARKER_BYTES + size) throw truncated('a grain', input.position);
    const packed = stored.subarray(GRAIN_MARKER_BYTES);
    const place = at + GRAIN_MARKER_BYTES;
    const bytes =
      offset + this.#layout.grain > this.#layout.capacity
        ? unpackedLastGrain(packed, this.#layout, place).subarray(0, lastGrainBytes(this.#layout))
        : unpackUnit('zlib', packed, this.#layout.grain, place);
    await input.skipTo(alignUp(input.position, SECTOR));
    return { offset, bytes };
  }

  /** @returns whether something follows */
  async #metadata(input: Passing, marker: Exclude<Marker, { kind: 'grain' }>): Promise<boolean> {
    const at = input.position;
    const sector = await input.take(SECTOR);
    switch (marker.kind) {
      case 'end':
        this.#checkEnd({ at, value: marker.sectors, length: sector.length });
        await this.#padding(input);
        return false;
      case 'progress':
        await input.skipTo(at + SECTOR + marker.sectors * SECTOR);
        break;
      case 'table':
        this.#books.passing?.noteTable(
          await this.#following(input, this.#layout.tableEntries * 4, marker),
          at + SECTOR,
        );
        break;
      case 'directory':
        this.#books.passing?.noteDirectory(await this.#following(input, this.#directoryBytes(), marker), at + SECTOR);
        break;
      case 'footer':
        this.#footer(await this.#following(input, SECTOR, marker), at + SECTOR);
        break;
    }
    return true;
  }

  #directoryBytes(): number {
    return directoryBytes(tableCount(this.#layout));
  }

  /** The sectors behind a metadata marker. The marker's own count must agree where it gives one. */
  async #following(input: Passing, length: number, marker: { kind: string; sectors: number }): Promise<Uint8Array> {
    const sectors = length / SECTOR;
    if (marker.sectors !== 0 && marker.sectors !== sectors) {
      throw damaged(`a ${marker.kind} of ${marker.sectors} sectors, not ${sectors}`, input.position - SECTOR);
    }
    const bytes = await input.take(length);
    if (bytes.length < length) throw truncated(`a ${marker.kind}`, input.position);
    return bytes;
  }

  #footer(sector: Uint8Array, at: number): void {
    const footer = checkedFooter(sector, this.#header, at);
    this.#books.passing?.choose(footer.directory ?? 0);
    this.#footerSeen = true;
  }

  /** Where tables came in front the end of the file may stand for the mark. */
  #checkEnd(mark: { readonly at: number; readonly value: number; readonly length: number }): void {
    if (mark.value !== 0) throw damaged(`an end-of-stream marker with the value ${mark.value}`, mark.at);
    if (this.#books.passing && !this.#footerSeen) throw truncated('the footer', mark.at);
    this.#endMarkSeen = mark.length === SECTOR;
    if (this.#books.passing && !this.#endMarkSeen) throw truncated('the end-of-stream marker', mark.at + mark.length);
  }

  /** Nothing but zeros may follow, and they are read to their end, so that checksums around the image are verified. */
  async #padding(input: Passing): Promise<void> {
    const at = input.position;
    for await (const chunk of input.rest()) {
      if (!isZero(chunk)) throw damaged('something follows the end-of-stream marker', at);
    }
  }
}

function truncated(what: string, offset: number): DiskferryError {
  return new DiskferryError('image-truncated', `VMDK: the stream ends at ${offset} before the end of ${what}`, {
    offset,
  });
}

function damaged(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-damaged', `VMDK: ${message}`, { offset });
}
