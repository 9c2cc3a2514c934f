import { isAligned, KiB, MiB } from '../../base/align.ts';
import { endOf, overlap, readBytes, type Bytes, type Range } from '../../base/bytes.ts';
import { ascii, exact, u32le, u64le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { crc32cWithout } from '../../base/crc32c.ts';
import { guidAt } from './guid.ts';
import { HEADER_SECTION } from './header.ts';

/** The region table, stored twice (MS-VHDX 2.2.3). */
const TABLE_OFFSETS = [192 * KiB, 256 * KiB] as const;
const TABLE_SIZE = 64 * KiB;
const FIELD = { checksum: 4, count: 8 };
const FIRST_ENTRY = 16;
const ENTRY_SIZE = 32;
const ENTRY = { offset: 16, length: 24, required: 28 };
const ENTRY_LIMIT = 2047;

const KNOWN: Readonly<Record<string, 'bat' | 'metadata'>> = {
  '2dc27766-f623-4200-9d64-115e9bfd4a08': 'bat',
  '8b7ca206-4790-4b9a-b8fe-575f050f886e': 'metadata',
};

export interface Regions {
  readonly bat: Range;
  readonly metadata: Range;
  /** Every region, also those we do not know and need not. */
  readonly all: readonly Range[];
}

/** @throws DiskferryError `image-*` */
export async function readRegions(file: Bytes, signal?: AbortSignal): Promise<Regions> {
  const [first, last] = TABLE_OFFSETS;
  const both = await readBytes(file, { offset: first, length: last + TABLE_SIZE - first }, signal);
  const at = TABLE_OFFSETS.find((offset) => isGood(both.subarray(offset - first, offset - first + TABLE_SIZE)));
  if (at === undefined) {
    const message = `neither VHDX region table (at ${TABLE_OFFSETS.join(' and ')}) has a good checksum`;
    throw new DiskferryError('image-checksum', message, { offset: first });
  }
  return parse(both.subarray(at - first, at - first + TABLE_SIZE), { at, fileSize: file.size });
}

function isGood(table: Uint8Array): boolean {
  return ascii(table, 0, 4) === 'regi' && u32le(table, FIELD.checksum) === crc32cWithout(table, FIELD.checksum);
}

function parse(table: Uint8Array, where: { at: number; fileSize: number }): Regions {
  const count = u32le(table, FIELD.count);
  if (count > ENTRY_LIMIT) {
    throw new DiskferryError('image-limit', `the VHDX has ${count} regions; up to ${ENTRY_LIMIT} are allowed`, {
      offset: where.at + FIELD.count,
    });
  }
  const named = new Map<string, Range>();
  const all: Range[] = [];
  for (let index = 0; index < count; index++) {
    const entry = table.subarray(FIRST_ENTRY + index * ENTRY_SIZE, FIRST_ENTRY + (index + 1) * ENTRY_SIZE);
    const at = where.at + FIRST_ENTRY + index * ENTRY_SIZE;
    const name = nameOf(entry, at);
    const range = rangeOf(entry, { at, fileSize: where.fileSize });
    if (name && named.has(name)) {
      throw new DiskferryError('image-damaged', `the VHDX has two ${name} regions`, { offset: at });
    }
    if (name) named.set(name, range);
    all.push(range);
  }
  refuseOverlaps(all, where.at);
  return { bat: needed(named, 'bat', where.at), metadata: needed(named, 'metadata', where.at), all };
}

function nameOf(entry: Uint8Array, at: number): string | undefined {
  const guid = guidAt(entry, 0);
  const name = KNOWN[guid];
  const required = (u32le(entry, ENTRY.required) & 1) === 1;
  if (!name && required) {
    throw new DiskferryError('image-unsupported', `the VHDX requires the unknown region ${guid}`, { offset: at });
  }
  return name;
}

function rangeOf(entry: Uint8Array, { at, fileSize }: { at: number; fileSize: number }): Range {
  const offset = exact(u64le(entry, ENTRY.offset), 'the offset of a VHDX region', at + ENTRY.offset);
  const length = u32le(entry, ENTRY.length);
  if (offset < HEADER_SECTION.length || !isAligned(offset, MiB) || !isAligned(length, MiB) || length === 0) {
    const message = `a VHDX region lies at ${offset} with ${length} bytes; whole MiB behind the first are allowed`;
    throw new DiskferryError('image-damaged', message, { offset: at + ENTRY.offset });
  }
  if (offset + length > fileSize) {
    const message = `a VHDX region reaches ${offset + length}, the file ends at ${fileSize}`;
    throw new DiskferryError('image-truncated', message, { offset });
  }
  return { offset, length };
}

function refuseOverlaps(regions: readonly Range[], at: number): void {
  const ascending = regions.toSorted((a, b) => a.offset - b.offset);
  for (const [index, region] of ascending.entries()) {
    const next = ascending[index + 1];
    if (!next || !overlap(region, next)) continue;
    const message = `VHDX regions overlap: one ends at ${endOf(region)}, the next begins at ${next.offset}`;
    throw new DiskferryError('image-damaged', message, { offset: at });
  }
}

function needed(named: ReadonlyMap<string, Range>, name: 'bat' | 'metadata', at: number): Range {
  const range = named.get(name);
  if (range) return range;
  throw new DiskferryError('image-damaged', `the VHDX has no ${name} region`, { offset: at });
}
