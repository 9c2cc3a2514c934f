import { deflateSync, zstdCompressSync } from 'node:zlib';
import { crc32c } from '../src/base/crc32c.ts';

/**
 * Changes to small images of Btrfs that its tools make only where they are mounted: subvolumes, packed extents. Whole
 * leaves are written anew, with their checksums. `btrfs restore` and `btrfs check` read the result.
 */
const SUPERBLOCK = 65_536;
const HEAD = 101;
const ITEM_HEAD = 25;
const TYPE = {
  inode: 1,
  inodeRef: 12,
  entry: 84,
  index: 96,
  extent: 108,
  root: 132,
  backReference: 144,
  reference: 156,
  chunk: 228,
};
const TOP = 5n;
const FIRST = 256n;

interface Item {
  readonly object: bigint;
  readonly type: number;
  readonly offset: bigint;
  readonly data: Buffer;
}

interface Chunk {
  readonly start: bigint;
  readonly length: bigint;
  readonly isMetadata: boolean;
  readonly copies: readonly bigint[];
}

export class BtrfsImage {
  readonly bytes: Buffer;
  readonly #nodeSize: number;
  readonly #chunks: readonly Chunk[];

  constructor(bytes: Buffer) {
    this.bytes = bytes;
    this.#nodeSize = bytes.readUInt32LE(SUPERBLOCK + 148);
    const size = bytes.readUInt32LE(SUPERBLOCK + 160);
    const first = [chunkOf(bytes.readBigUInt64LE(SUPERBLOCK + 811 + 9), bytes.subarray(SUPERBLOCK + 811 + 17))];
    if (size > 200) throw new Error('the superblock holds more than one chunk');
    this.#chunks = first;
    const items = this.itemsAt(bytes.readBigUInt64LE(SUPERBLOCK + 88));
    this.#chunks = items.filter(({ type }) => type === TYPE.chunk).map(({ offset, data }) => chunkOf(offset, data));
  }

  get rootLeaf(): bigint {
    return this.bytes.readBigUInt64LE(SUPERBLOCK + 80);
  }

  /** Where the leaf of a subvolume lies. */
  leafOf(id: bigint): bigint {
    const root = this.itemsAt(this.rootLeaf).find(({ object, type }) => object === id && type === TYPE.root);
    if (!root) throw new Error(`there is no subvolume ${id}`);
    return root.data.readBigUInt64LE(176);
  }

  /** Every place of an address, in the file. */
  placesOf(address: bigint): number[] {
    const chunk = this.#chunks.find(({ start, length }) => address >= start && address < start + length);
    if (!chunk) throw new Error(`${address} lies in no chunk`);
    return chunk.copies.map((copy) => Number(copy + address - chunk.start));
  }

  itemsAt(address: bigint): Item[] {
    const node = this.#nodeAt(address);
    if (node.readUInt8(100) !== 0) throw new Error('the tree has more than one leaf');
    return Array.from({ length: node.readUInt32LE(96) }, (_, index) => {
      const at = HEAD + index * ITEM_HEAD;
      const start = HEAD + node.readUInt32LE(at + 17);
      const data = Buffer.from(node.subarray(start, start + node.readUInt32LE(at + 21)));
      return {
        object: node.readBigUInt64LE(at),
        type: node.readUInt8(at + 8),
        offset: node.readBigUInt64LE(at + 9),
        data,
      };
    });
  }

  /** Writes a leaf with these items, in the order of their keys; its head is that of the leaf `like`. */
  writeLeaf(address: bigint, items: readonly Item[], like = address): void {
    const node = Buffer.alloc(this.#nodeSize);
    this.#nodeAt(like).copy(node, 0, 0, HEAD);
    node.writeBigUInt64LE(address, 48);
    node.writeUInt32LE(items.length, 96);
    let end = this.#nodeSize - HEAD;
    for (const [index, { object, type, offset, data }] of items.toSorted(byKey).entries()) {
      end -= data.length;
      const at = HEAD + index * ITEM_HEAD;
      node.writeBigUInt64LE(object, at);
      node.writeUInt8(type, at + 8);
      node.writeBigUInt64LE(offset, at + 9);
      node.writeUInt32LE(end, at + 17);
      node.writeUInt32LE(data.length, at + 21);
      data.copy(node, HEAD + end);
    }
    node.writeUInt32LE(crc32c(node.subarray(32)), 0);
    for (const place of this.placesOf(address)) node.copy(this.bytes, place);
  }

  /** An address in the metadata where nothing lies. */
  freeNode(): bigint {
    const { start, length } = this.#chunks.find(({ isMetadata }) => isMetadata) as Chunk;
    for (let at = start; at < start + length; at += BigInt(this.#nodeSize)) {
      if (this.#nodeAt(at).every((byte) => byte === 0)) return at;
    }
    throw new Error('no free node');
  }

  #nodeAt(address: bigint): Buffer {
    const [place = 0] = this.placesOf(address);
    return this.bytes.subarray(place, place + this.#nodeSize);
  }
}

function chunkOf(start: bigint, item: Buffer): Chunk {
  const copies = Array.from({ length: item.readUInt16LE(44) }, (_, turn) => item.readBigUInt64LE(48 + turn * 32 + 8));
  return { start, length: item.readBigUInt64LE(0), isMetadata: (item.readBigUInt64LE(24) & 4n) !== 0n, copies };
}

function byKey(a: Item, b: Item): number {
  for (const part of ['object', 'type', 'offset'] as const) {
    if (a[part] !== b[part]) return a[part] < b[part] ? -1 : 1;
  }
  return 0;
}

/** Puts everything there is into a subvolume of this name at the top; `isDefault`: it is what is mounted. */
export function putIntoSubvolume(bytes: Buffer, name: string, { isDefault = false, isListed = true } = {}): void {
  const image = new BtrfsImage(bytes);
  const old = image.leafOf(TOP);
  const top = image.freeNode();
  const own = image.itemsAt(old).filter(({ object, type }) => object === FIRST && type <= TYPE.inodeRef);
  const entry = Buffer.concat([Buffer.alloc(30), Buffer.from(name)]);
  entry.writeBigUInt64LE(FIRST);
  entry.writeUInt8(TYPE.root, 8);
  entry.writeBigUInt64LE(2n ** 64n - 1n, 9);
  entry.writeUInt16LE(name.length, 27);
  entry.writeUInt8(2, 29);
  image.writeLeaf(top, [...own, { object: FIRST, type: TYPE.index, offset: 2n, data: entry }], old);
  image.writeLeaf(image.rootLeaf, rootsWith(image, { name, top, isDefault, isListed }));
}

function rootsWith(
  image: BtrfsImage,
  subvolume: { readonly name: string; readonly top: bigint; readonly isDefault: boolean; readonly isListed: boolean },
): Item[] {
  const { name, top, isDefault, isListed } = subvolume;
  const items = image.itemsAt(image.rootLeaf);
  const root = items.find(({ object, type }) => object === TOP && type === TYPE.root) as Item;
  const moved = { ...root, object: FIRST, data: Buffer.from(root.data) };
  root.data.writeBigUInt64LE(top, 176);
  const entry = items.find(({ type, data }) => type === TYPE.entry && data.toString('latin1').endsWith('default'));
  if (isDefault) entry?.data.writeBigUInt64LE(FIRST);
  const reference = Buffer.concat([Buffer.alloc(18), Buffer.from(name)]);
  reference.writeBigUInt64LE(FIRST);
  reference.writeBigUInt64LE(2n, 8);
  reference.writeUInt16LE(name.length, 16);
  const to = { object: TOP, type: TYPE.reference, offset: FIRST, data: reference };
  const back = { object: FIRST, type: TYPE.backReference, offset: TOP, data: reference };
  return [...items, moved, ...(isListed ? [to, back] : [])];
}

/** Packs every extent of at most 128 KiB, and what lies in the leaf itself. Gives how many were packed. */
export function packExtents(bytes: Buffer, how: 'zlib' | 'zstd'): number {
  const image = new BtrfsImage(bytes);
  const leaf = image.leafOf(TOP);
  let packed = 0;
  const items = image.itemsAt(leaf).map((item) => {
    const data = item.type === TYPE.extent ? packExtent(image, item.data, how) : undefined;
    if (data) packed++;
    return data ? { ...item, data } : item;
  });
  image.writeLeaf(leaf, items);
  return packed;
}

function packExtent(image: BtrfsImage, data: Buffer, how: 'zlib' | 'zstd'): Buffer | undefined {
  const pack = how === 'zlib' ? deflateSync : zstdCompressSync;
  const changed = Buffer.from(data);
  changed.writeUInt8(how === 'zlib' ? 1 : 3, 16);
  if (data.readUInt8(20) === 0) return Buffer.concat([changed.subarray(0, 21), pack(data.subarray(21))]);
  const [address, size] = [data.readBigUInt64LE(21), Number(data.readBigUInt64LE(29))];
  if (address === 0n || size > 131_072) return undefined;
  const [place = 0] = image.placesOf(address);
  const content = pack(image.bytes.subarray(place, place + size));
  image.bytes.fill(0, place, place + size);
  content.copy(image.bytes, place);
  changed.writeBigUInt64LE(BigInt(Math.ceil(content.length / 4096) * 4096), 29);
  return changed;
}
