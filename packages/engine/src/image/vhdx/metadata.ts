import { isAligned, isPowerOfTwo, KiB, MiB, TiB } from '../../base/align.ts';
import { readBytes, type Bytes, type Range } from '../../base/bytes.ts';
import { ascii, exact, u16le, u32le, u64le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { guidAt } from './guid.ts';

/** The metadata region: a table of items and the items (MS-VHDX 2.6). */
const TABLE_SIZE = 64 * KiB;
const TABLE = { count: 10, firstEntry: 32 };
const ENTRY_SIZE = 32;
const ENTRY = { offset: 16, length: 20, flags: 24 };
const REQUIRED = 4;
const ENTRY_LIMIT = 2047;
/** Read in one request with the table: writers put the items right behind it. */
const READ_AHEAD = 128 * KiB;

const ITEMS: Readonly<Record<string, string>> = {
  'caa16737-fa36-4d43-b3b6-33f0aa44e76b': 'file parameters',
  '2fa54224-cd1b-4876-b211-5dbed83bf4b8': 'virtual disk size',
  'beca12ab-b2e6-4523-93ef-c309e000c746': 'virtual disk id',
  '8141bf1d-a96f-4709-ba47-f233a8faab5f': 'logical sector size',
  'cda348c7-445d-4471-9cc9-e9885251c556': 'physical sector size',
  'a8d35f2d-b30b-454d-abf7-d3d84834ab0c': 'parent locator',
};

const BLOCK_SIZES = { from: 1 * MiB, to: 256 * MiB };
const DISK_LIMIT = 64 * TiB;
const LEAVE_BLOCKS_ALLOCATED = 1;
const HAS_PARENT = 2;

export interface Metadata {
  readonly diskSize: number;
  readonly blockSize: number;
  readonly sectorSize: 512 | 4096;
  readonly subformat: 'fixed' | 'dynamic';
}

interface Item {
  readonly bytes: Uint8Array;
  /** Where it lies in the file. */
  readonly at: number;
}

/** @throws DiskferryError `image-*`; `image-parent` for a differencing disk */
export async function readMetadata(file: Bytes, region: Range, signal?: AbortSignal): Promise<Metadata> {
  const head = await readBytes(file, { ...region, length: Math.min(READ_AHEAD, region.length) }, signal);
  const places = itemPlaces(head, region);
  const item = async (name: string, length: number): Promise<Item> => {
    const place = places.get(name);
    if (!place || place.length < length) {
      throw new DiskferryError('image-damaged', `the VHDX does not say its ${name}`, { offset: region.offset });
    }
    const from = place.offset - region.offset;
    const inHead = from + length <= head.length;
    const bytes = inHead ? head.subarray(from, from + length) : await readBytes(file, { ...place, length }, signal);
    return { bytes, at: place.offset };
  };
  const parameters = await item('file parameters', 8);
  const flags = u32le(parameters.bytes, 4);
  if ((flags & HAS_PARENT) !== 0) {
    const message = 'a differencing VHDX holds only what differs from its parent disk';
    throw new DiskferryError('image-parent', message, { offset: parameters.at + 4 });
  }
  const sectorSize = logicalSectorSize(await item('logical sector size', 4));
  return {
    blockSize: blockSize(parameters),
    diskSize: diskSize(await item('virtual disk size', 8), sectorSize),
    sectorSize,
    subformat: (flags & LEAVE_BLOCKS_ALLOCATED) === 0 ? 'dynamic' : 'fixed',
  };
}

/** Where the known items lie in the file. */
function itemPlaces(head: Uint8Array, region: Range): ReadonlyMap<string, Range> {
  if (ascii(head, 0, 8) !== 'metadata') {
    throw new DiskferryError('image-damaged', `no VHDX metadata table at ${region.offset}`, { offset: region.offset });
  }
  const count = u16le(head, TABLE.count);
  if (count > ENTRY_LIMIT) {
    throw new DiskferryError('image-limit', `the VHDX has ${count} metadata items; up to ${ENTRY_LIMIT} are allowed`, {
      offset: region.offset + TABLE.count,
    });
  }
  const places = new Map<string, Range>();
  for (let index = 0; index < count; index++) {
    const at = TABLE.firstEntry + index * ENTRY_SIZE;
    const entry = head.subarray(at, at + ENTRY_SIZE);
    const name = nameOf(entry, region.offset + at);
    if (!name) continue;
    if (places.has(name)) {
      throw new DiskferryError('image-damaged', `the VHDX says its ${name} twice`, { offset: region.offset + at });
    }
    places.set(name, placeOf(entry, { at: region.offset + at, region }));
  }
  return places;
}

function nameOf(entry: Uint8Array, at: number): string | undefined {
  const guid = guidAt(entry, 0);
  const name = ITEMS[guid];
  if (!name && (u32le(entry, ENTRY.flags) & REQUIRED) !== 0) {
    throw new DiskferryError('image-unsupported', `the VHDX requires the unknown metadata ${guid}`, { offset: at });
  }
  return name;
}

function placeOf(entry: Uint8Array, { at, region }: { at: number; region: Range }): Range {
  const offset = u32le(entry, ENTRY.offset);
  const length = u32le(entry, ENTRY.length);
  if (length > 0 && (offset < TABLE_SIZE || offset + length > region.length)) {
    const message = `a VHDX metadata item lies at ${offset} with ${length} bytes, outside its region`;
    throw new DiskferryError('image-damaged', message, { offset: at + ENTRY.offset });
  }
  return { offset: region.offset + offset, length };
}

function blockSize({ bytes, at }: Item): number {
  const size = u32le(bytes, 0);
  if (isPowerOfTwo(size) && size >= BLOCK_SIZES.from && size <= BLOCK_SIZES.to) return size;
  const allowed = `powers of two from ${BLOCK_SIZES.from} to ${BLOCK_SIZES.to} are allowed`;
  throw new DiskferryError('image-damaged', `the VHDX block size is ${size}; ${allowed}`, { offset: at });
}

function logicalSectorSize({ bytes, at }: Item): 512 | 4096 {
  const size = u32le(bytes, 0);
  if (size === 512 || size === 4096) return size;
  const message = `the VHDX logical sector size is ${size}; 512 and 4096 are allowed`;
  throw new DiskferryError('image-damaged', message, { offset: at });
}

function diskSize({ bytes, at }: Item, sectorSize: number): number {
  const size = exact(u64le(bytes, 0), 'the size of the VHDX disk', at);
  if (size > DISK_LIMIT) {
    throw new DiskferryError('image-limit', `the VHDX disk has ${size} bytes; up to ${DISK_LIMIT} are allowed`, {
      offset: at,
    });
  }
  if (size > 0 && isAligned(size, sectorSize)) return size;
  const message = `the VHDX disk has ${size} bytes, with sectors of ${sectorSize}`;
  throw new DiskferryError('image-damaged', message, { offset: at });
}
