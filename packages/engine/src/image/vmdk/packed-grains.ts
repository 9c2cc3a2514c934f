import { SECTOR } from '../../base/align.ts';
import { readBytes, type Bytes } from '../../base/bytes.ts';
import { u32le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Stored } from '../image.ts';
import { unpackUnit } from '../unpack-unit.ts';
import type { TablePages } from './grain-tables.ts';
import { GRAIN_MARKER_BYTES, type SparseLayout } from './sparse-layout.ts';

/**
 * Where packed grains end. A grain's size stands in a marker before it; reading every marker would cost a request each,
 * so a grain is taken to reach as far as the next one of its table, the end of the file or twice its unpacked size: a
 * zlib stream ends by itself and its Adler-32 tells whether it is whole. Only grains near the end of the file, where
 * nothing follows, have their marker read: a cut file is refused when it is mapped.
 *
 * Markers' addresses are therefore not compared here (qemu-img does not either); the one pass over a stream does.
 */
export class PackedGrains {
  readonly #file: Bytes;
  readonly #fileNumber: number;
  readonly #layout: SparseLayout;
  readonly #pages: TablePages;
  readonly #name: string;
  /** Sizes that were read from markers, by sector. Bounded by the sectors of two grains. */
  readonly #sizes = new Map<number, number>();
  #last: { readonly sector: number; readonly unpacked: number } | undefined;

  constructor(
    stored: { readonly file: Bytes; readonly number: number },
    layout: SparseLayout,
    cache: { readonly pages: TablePages; readonly name: string },
  ) {
    this.#file = stored.file;
    this.#fileNumber = stored.number;
    this.#layout = layout;
    this.#pages = cache.pages;
    this.#name = cache.name;
  }

  /** Reads what must be known before the grains of a table are placed. `sectors` ascend. */
  async prepare(sectors: Uint32Array, lastGrain: number | undefined, signal?: AbortSignal): Promise<void> {
    const highest = sectors.at(-1);
    if (highest !== undefined && this.#bound(highest) > this.#file.size) await this.#readSize(highest, signal);
    if (lastGrain !== undefined && this.#last?.sector !== lastGrain) {
      this.#last = { sector: lastGrain, unpacked: await this.#unpackedLast(lastGrain, sectors, signal) };
    }
  }

  /** @param isLast whether this grain is cut by the end of the disk */
  stored(sector: number, sectors: Uint32Array, isLast: boolean): Stored {
    const { offset, length } = this.#range(sector, sectors);
    const unpacked = isLast ? (this.#last?.unpacked ?? this.#layout.grain) : this.#layout.grain;
    return { form: 'packed', file: this.#fileNumber, offset, length, codec: 'zlib', unpacked, skip: 0 };
  }

  #range(sector: number, sectors: Uint32Array): { offset: number; length: number } {
    const offset = sector * SECTOR + this.#markerBytes();
    const known = this.#sizes.get(sector);
    if (known !== undefined) return { offset, length: known };
    const end = Math.min(this.#bound(sector), this.#file.size, (nextAbove(sectors, sector) ?? Infinity) * SECTOR);
    if (end <= offset) throw this.#truncated(sector, offset + 1);
    return { offset, length: end - offset };
  }

  #markerBytes(): number {
    return this.#layout.packing === 'marked' ? GRAIN_MARKER_BYTES : 0;
  }

  #bound(sector: number): number {
    return sector * SECTOR + this.#markerBytes() + packedLimit(this.#layout.grain);
  }

  async #readSize(sector: number, signal?: AbortSignal): Promise<void> {
    if (this.#sizes.has(sector) || this.#layout.packing !== 'marked') return;
    const offset = sector * SECTOR;
    if (offset + GRAIN_MARKER_BYTES > this.#file.size) throw this.#truncated(sector, offset + GRAIN_MARKER_BYTES);
    const tail = await this.#tail(signal);
    const size = checkedPackedSize(u32le(tail.content, offset - tail.offset + 8), this.#layout.grain, offset);
    if (offset + GRAIN_MARKER_BYTES + size > this.#file.size) throw this.#truncated(sector, offset + size);
    this.#sizes.set(sector, size);
  }

  /** The bytes from where a grain may reach the end: a sparse end of a disk has many tables there, and one request is enough. */
  async #tail(signal?: AbortSignal): Promise<Tail> {
    const key = `${this.#name}/tail`;
    const known = this.#pages.get(key) as Tail | undefined;
    if (known) return known;
    const length = Math.min(this.#file.size, packedLimit(this.#layout.grain) + GRAIN_MARKER_BYTES);
    const offset = this.#file.size - length;
    const tail = { bytes: length, offset, content: await readBytes(this.#file, { offset, length }, signal) };
    this.#pages.add(key, tail);
    return tail;
  }

  /** The last grain of a disk that is no multiple of the grain is whole in VMware's images and cut in qemu-img's. */
  async #unpackedLast(sector: number, sectors: Uint32Array, signal?: AbortSignal): Promise<number> {
    const range = this.#range(sector, sectors);
    const packed = await readBytes(this.#file, range, signal);
    return unpackedLastGrain(packed, this.#layout, range.offset).length;
  }

  #truncated(sector: number, end: number): DiskferryError {
    const message = `VMDK: a grain at ${sector * SECTOR} reaches ${end} or more, the file ends at ${this.#file.size}`;
    return new DiskferryError('image-truncated', message, { offset: sector * SECTOR });
  }
}

interface Tail {
  readonly bytes: number;
  readonly offset: number;
  readonly content: Uint8Array;
}

/** What a packed grain may take: zlib adds under one percent, and twice is what qemu-img reads. */
export function packedLimit(grain: number): number {
  return 2 * grain;
}

/** @throws DiskferryError `image-damaged` */
export function checkedPackedSize(size: number, grain: number, at: number): number {
  if (size > 0 && size <= packedLimit(grain)) return size;
  const message = `VMDK: a packed grain of ${size} bytes (1 to ${packedLimit(grain)})`;
  throw new DiskferryError('image-damaged', message, { offset: at });
}

/** Bytes of the disk under the last grain. */
export function lastGrainBytes(layout: SparseLayout): number {
  return layout.capacity % layout.grain || layout.grain;
}

/**
 * The last grain unpacked: a whole grain, or only what the disk has of it.
 * @throws DiskferryError `image-damaged`
 */
export function unpackedLastGrain(packed: Uint8Array, layout: SparseLayout, at: number): Uint8Array {
  const rest = lastGrainBytes(layout);
  try {
    return unpackUnit('zlib', packed, rest, at);
  } catch (error) {
    if (rest === layout.grain) throw error;
    return unpackUnit('zlib', packed, layout.grain, at);
  }
}

function nextAbove(sectors: Uint32Array, sector: number): number | undefined {
  let low = 0;
  let high = sectors.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sectors[middle] ?? 0) > sector) high = middle;
    else low = middle + 1;
  }
  return sectors[low];
}
