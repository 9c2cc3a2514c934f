import { crc32c } from '../src/base/crc32c.ts';

/**
 * Makes small VHDXs: headers, a log of 1 MiB, a block table, metadata, blocks of 1 MiB. Every part can be changed
 * before it is sealed with its checksum.
 */
export interface VhdxParts {
  readonly size: number;
  /** Block after block: content, or the state of a block that is not stored. */
  readonly blocks: readonly (Uint8Array | number)[];
  readonly sectorSize?: number;
  /** Entries of the log, from its beginning; the headers then name the log as live. */
  readonly log?: readonly Buffer[];
  readonly header?: (header: Buffer, copy: 0 | 1) => void;
  readonly regions?: (table: Buffer) => void;
  readonly metadata?: (region: Buffer) => void;
  readonly table?: (table: Buffer) => void;
}

export const MiB = 1 << 20;
export const LOG_AT = 1 * MiB;
export const TABLE_AT = 2 * MiB;
export const METADATA_AT = 3 * MiB;
export const BLOCKS_AT = 4 * MiB;
export const LOG_GUID = Buffer.from('00112233445566778899aabbccddeeff', 'hex');

const GUIDS = {
  bat: '6677c22d23f600429d64115e9bfd4a08',
  metadata: '06a27c8b90479a4bb8fe575f050f886e',
  fileParameters: '3767a1ca36fa434db3b633f0aa44e76b',
  diskSize: '2442a52f1bcd7648b2115dbed83bf4b8',
  diskId: 'ab12cabee6b2234593efc309e000c746',
  sectorSize: '1dbf41816fa90947ba47f233a8faab5f',
  physicalSize: 'c748a3cd5d4471449cc9e9885251c556',
};

export function vhdxImage(parts: VhdxParts): Buffer {
  const stored = parts.blocks.filter((block) => typeof block !== 'number');
  const file = Buffer.alloc(BLOCKS_AT + stored.length * MiB);
  file.write('vhdxfile', 'latin1');
  headerCopy(parts, 0).copy(file, 64 * 1024);
  headerCopy(parts, 1).copy(file, 128 * 1024);
  const regions = regionTable(parts);
  regions.copy(file, 192 * 1024);
  regions.copy(file, 256 * 1024);
  Buffer.concat(parts.log ?? []).copy(file, LOG_AT);
  blockTable(parts).copy(file, TABLE_AT);
  metadataRegion(parts).copy(file, METADATA_AT);
  for (const [index, block] of stored.entries()) Buffer.from(block).copy(file, BLOCKS_AT + index * MiB);
  return file;
}

export function sealVhdx(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(0, 4);
  bytes.writeUInt32LE(crc32c(bytes), 4);
  return bytes;
}

function headerCopy(parts: VhdxParts, copy: 0 | 1): Buffer {
  const header = Buffer.alloc(4096);
  header.write('head', 'latin1');
  header.writeBigUInt64LE(BigInt(7 + copy), 8);
  if (parts.log) LOG_GUID.copy(header, 48);
  header.writeUInt16LE(1, 66);
  header.writeUInt32LE(MiB, 68);
  header.writeBigUInt64LE(BigInt(LOG_AT), 72);
  parts.header?.(header, copy);
  return sealVhdx(header);
}

function regionTable(parts: VhdxParts): Buffer {
  const table = Buffer.alloc(64 * 1024);
  table.write('regi', 'latin1');
  table.writeUInt32LE(2, 8);
  for (const [index, [guid, at]] of (
    [
      ['bat', TABLE_AT],
      ['metadata', METADATA_AT],
    ] as const
  ).entries()) {
    const entry = 16 + index * 32;
    table.write(GUIDS[guid], entry, 'hex');
    table.writeBigUInt64LE(BigInt(at), entry + 16);
    table.writeUInt32LE(MiB, entry + 24);
    table.writeUInt32LE(1, entry + 28);
  }
  parts.regions?.(table);
  return sealVhdx(table);
}

function metadataRegion(parts: VhdxParts): Buffer {
  const region = Buffer.alloc(MiB);
  region.write('metadata', 'latin1');
  const items: [keyof typeof GUIDS, Buffer][] = [
    ['fileParameters', words(MiB, 0)],
    ['diskSize', words(parts.size % 2 ** 32, Math.floor(parts.size / 2 ** 32))],
    ['diskId', Buffer.alloc(16, 0x5a)],
    ['sectorSize', words(parts.sectorSize ?? 512)],
    ['physicalSize', words(4096)],
  ];
  region.writeUInt16LE(items.length, 10);
  for (const [index, [guid, bytes]] of items.entries()) {
    const entry = 32 + index * 32;
    const at = 64 * 1024 + index * 64;
    region.write(GUIDS[guid], entry, 'hex');
    region.writeUInt32LE(at, entry + 16);
    region.writeUInt32LE(bytes.length, entry + 20);
    region.writeUInt32LE(guid === 'fileParameters' ? 4 : 6, entry + 24);
    bytes.copy(region, at);
  }
  parts.metadata?.(region);
  return region;
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32LE(value, index * 4);
  return bytes;
}

/** The disks made here have less than one chunk: no entry of a sector bitmap stands in between. */
function blockTable(parts: VhdxParts): Buffer {
  const table = Buffer.alloc(MiB);
  let stored = 0;
  for (const [index, block] of parts.blocks.entries()) {
    const entry = typeof block === 'number' ? BigInt(block) : BigInt(BLOCKS_AT + stored++ * MiB) | 6n;
    table.writeBigUInt64LE(entry, index * 8);
  }
  parts.table?.(table);
  return table;
}

export interface LogEntryParts {
  readonly sequence: number;
  /** Offset in the log of the oldest entry that is live. */
  readonly tail: number;
  readonly changes: readonly ({ offset: number; content: Buffer } | { offset: number; zeros: number })[];
  readonly flushed?: number;
  readonly last?: number;
  readonly change?: (entry: Buffer) => void;
}

/** One sealed entry; `content` of a change is 4096 bytes. */
export function vhdxLogEntry(parts: LogEntryParts): Buffer {
  const sectors = parts.changes.flatMap((change) => ('content' in change ? [change.content] : []));
  const head = Math.ceil((64 + parts.changes.length * 32) / 4096) * 4096;
  const entry = Buffer.alloc(head + sectors.length * 4096);
  entry.write('loge', 'latin1');
  entry.writeUInt32LE(entry.length, 8);
  entry.writeUInt32LE(parts.tail, 12);
  entry.writeBigUInt64LE(BigInt(parts.sequence), 16);
  entry.writeUInt32LE(parts.changes.length, 24);
  LOG_GUID.copy(entry, 32);
  entry.writeBigUInt64LE(BigInt(parts.flushed ?? 0), 48);
  entry.writeBigUInt64LE(BigInt(parts.last ?? 0), 56);
  for (const [index, change] of parts.changes.entries()) describe(entry.subarray(64 + index * 32), change, parts);
  for (const [index, content] of sectors.entries()) {
    const at = head + index * 4096;
    content.copy(entry, at);
    entry.write('data', at, 'latin1');
    entry.writeUInt32LE(0, at + 4);
    entry.writeUInt32LE(parts.sequence, at + 4092);
  }
  parts.change?.(entry);
  return sealVhdx(entry);
}

function describe(at: Buffer, change: LogEntryParts['changes'][number], { sequence }: LogEntryParts): void {
  at.write('content' in change ? 'desc' : 'zero', 'latin1');
  if ('content' in change) {
    change.content.copy(at, 4, 4092, 4096);
    change.content.copy(at, 8, 0, 8);
  } else at.writeBigUInt64LE(BigInt(change.zeros), 8);
  at.writeBigUInt64LE(BigInt(change.offset), 16);
  at.writeBigUInt64LE(BigInt(sequence), 24);
}
