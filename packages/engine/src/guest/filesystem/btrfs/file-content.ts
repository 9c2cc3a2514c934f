import { KiB } from '../../../base/align.ts';
import { damaged, overLimit, unsupported } from '../../fault.ts';
import { u16le, u64le } from '../../../base/endian.ts';
import { countOf } from '../signature/content.ts';
import { RUN_LIMIT } from '../runs.ts';
import type { Chunks } from './chunks.ts';
import { UNPACKED_LIMIT, unpackExtent } from './compression.ts';
import type { Item } from './nodes.ts';
import { addressOf } from './superblock.ts';

const INLINE = 0;
const STORED = 1;
const INLINE_AT = 21;
const STORED_LENGTH = 53;
/** Unpacked extents that are kept of one file: it is read in steps. */
const KEPT = 4;

interface Extent {
  /** In the file. */
  readonly offset: number;
  readonly length: number;
  readonly packed: number;
  /** In the node; or where it lies in the filesystem, `skip` bytes behind the start of its `unpacked` content. */
  readonly stored: Uint8Array | { readonly at: number; readonly size: number };
  readonly skip: number;
  readonly unpacked: number;
}

/** The content of a file, out of its extents. Between them it is zeros. */
export class FileContent {
  readonly #chunks: Chunks;
  readonly #extents: Extent[] = [];
  readonly #unpacked = new Map<Extent, Uint8Array>();

  private constructor(chunks: Chunks) {
    this.#chunks = chunks;
  }

  /** @throws GuestFault where extents contradict themselves or one another */
  static async of(chunks: Chunks, items: AsyncIterable<Item>): Promise<FileContent> {
    const content = new FileContent(chunks);
    let end = 0;
    for await (const { key, data } of items) {
      const extent = extentOf(countOf(key.offset) ?? Number.MAX_SAFE_INTEGER, data);
      if (!extent) continue;
      if (extent.offset < end) throw damaged('two extents of a file lie over each other');
      end = extent.offset + extent.length;
      if (content.#extents.length >= RUN_LIMIT) throw overLimit(`a file of more than ${RUN_LIMIT} pieces`);
      content.#extents.push(extent);
    }
    return content;
  }

  async read(offset: number, into: Uint8Array): Promise<void> {
    into.fill(0);
    const end = offset + into.length;
    for (const extent of this.#extents) {
      const from = Math.max(offset, extent.offset);
      const to = Math.min(end, extent.offset + extent.length);
      if (from < to)
        await this.#fill(extent, extent.skip + from - extent.offset, into.subarray(from - offset, to - offset));
    }
  }

  async #fill(extent: Extent, from: number, into: Uint8Array): Promise<void> {
    const { stored, packed } = extent;
    if (packed === 0 && !(stored instanceof Uint8Array)) return this.#chunks.read(stored.at + from, into);
    const content = packed === 0 ? (stored as Uint8Array) : await this.#unpackedOf(extent);
    into.set(content.subarray(from, from + into.length));
  }

  async #unpackedOf(extent: Extent): Promise<Uint8Array> {
    const known = this.#unpacked.get(extent);
    if (known) return known;
    const { stored, packed, unpacked } = extent;
    let bytes = stored instanceof Uint8Array ? stored : new Uint8Array(stored.size);
    if (!(stored instanceof Uint8Array)) await this.#chunks.read(stored.at, bytes);
    bytes = unpackExtent(packed, bytes, unpacked);
    if (this.#unpacked.size >= KEPT) this.#unpacked.clear();
    this.#unpacked.set(extent, bytes);
    return bytes;
  }
}

/** Undefined for a hole, and for space that was only reserved. */
function extentOf(offset: number, data: Uint8Array): Extent | undefined {
  if (data.length < INLINE_AT) throw damaged('an extent is too short');
  const [packed = 0, encrypted = 0, type = 0] = [data[16], data[17], data[20]];
  if (encrypted !== 0 || u16le(data, 18) !== 0) throw unsupported('a file is encrypted');
  const unpacked = addressOf(data, 8);
  if (packed !== 0 && unpacked > UNPACKED_LIMIT) throw damaged(`an extent unpacks to ${unpacked} bytes`);
  if (type === INLINE) {
    const stored = data.subarray(INLINE_AT);
    const length = packed === 0 ? stored.length : Math.min(unpacked, 64 * KiB);
    return { offset, length, packed, stored, skip: 0, unpacked };
  }
  if (data.length < STORED_LENGTH) throw damaged('an extent is too short');
  if (type !== STORED || u64le(data, 21) === 0n) return undefined;
  const [at, size, skip, length] = [21, 29, 37, 45].map((field) => addressOf(data, field)) as [
    number,
    number,
    number,
    number,
  ];
  if (skip + length > (packed === 0 ? size : unpacked)) throw damaged('an extent is longer than what it leads to');
  if (packed !== 0 && size > UNPACKED_LIMIT) throw damaged(`a packed extent of ${size} bytes`);
  return { offset, length, packed, stored: { at, size }, skip, unpacked };
}
