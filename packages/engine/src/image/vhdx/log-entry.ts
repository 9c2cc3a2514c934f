import { isAligned, KiB } from '../../base/align.ts';
import type { Range } from '../../base/bytes.ts';
import { ascii, u32le, u64le } from '../../base/endian.ts';
import { crc32cWithout } from '../../base/crc32c.ts';
import { guidAt } from './guid.ts';

/** One entry of the log (MS-VHDX 2.3.1): a header, descriptors, and a data sector for each data descriptor. */
export const LOG_SECTOR = 4 * KiB;
const HEADER_SIZE = 64;
const HEADER = { checksum: 4, length: 8, tail: 12, sequence: 16, count: 24, guid: 32, flushed: 48, last: 56 };
const DESCRIPTOR_SIZE = 32;
const DESCRIPTOR = { trailing: 4, leading: 8, zeroLength: 8, offset: 16, sequence: 24 };
const DATA = { sequenceHigh: 4, content: 8, sequenceLow: 4092 };
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** A change that the log keeps: 4 KiB of content, or a range of zeros. */
export type Change = Range & { readonly content: Uint8Array | undefined };

export interface LogEntry {
  readonly length: number;
  /** Offset in the log of the first entry that still has to be replayed when this one is the newest. */
  readonly tail: number;
  readonly sequence: bigint;
  readonly flushedFileSize: bigint;
  readonly lastFileSize: bigint;
  /** Parses the changes, in order; undefined where one is not valid. */
  changes(): readonly Change[] | undefined;
}

/** How long the entry says to be, or undefined where no entry of this log can begin. Cheap: hashes nothing. */
export function claimedLength(header: Uint8Array, log: { guid: string; length: number }): number | undefined {
  const length = u32le(header, HEADER.length);
  const plausible =
    ascii(header, 0, 4) === 'loge' &&
    guidAt(header, HEADER.guid) === log.guid &&
    length > 0 &&
    length <= log.length &&
    isAligned(length, LOG_SECTOR) &&
    isAligned(u32le(header, HEADER.tail), LOG_SECTOR) &&
    u32le(header, HEADER.tail) < log.length &&
    HEADER_SIZE + u32le(header, HEADER.count) * DESCRIPTOR_SIZE <= length &&
    u64le(header, HEADER.sequence) > 0n;
  return plausible ? length : undefined;
}

/** The entry in these bytes, or undefined where its checksum or one of its parts is wrong. */
export function parseEntry(bytes: Uint8Array): LogEntry | undefined {
  if (u32le(bytes, HEADER.checksum) !== crc32cWithout(bytes, HEADER.checksum)) return undefined;
  const entry: LogEntry = {
    length: bytes.length,
    tail: u32le(bytes, HEADER.tail),
    sequence: u64le(bytes, HEADER.sequence),
    flushedFileSize: u64le(bytes, HEADER.flushed),
    lastFileSize: u64le(bytes, HEADER.last),
    changes: () => changesOf(bytes),
  };
  return entry.changes() ? entry : undefined;
}

function changesOf(bytes: Uint8Array): readonly Change[] | undefined {
  const count = u32le(bytes, HEADER.count);
  const sequence = u64le(bytes, HEADER.sequence);
  let sector = Math.ceil((HEADER_SIZE + count * DESCRIPTOR_SIZE) / LOG_SECTOR) * LOG_SECTOR;
  const changes: Change[] = [];
  for (let index = 0; index < count; index++) {
    const at = HEADER_SIZE + index * DESCRIPTOR_SIZE;
    const descriptor = bytes.subarray(at, at + DESCRIPTOR_SIZE);
    const change = changeOf(descriptor, bytes.subarray(sector, sector + LOG_SECTOR), sequence);
    if (!change) return undefined;
    if (change.content) sector += LOG_SECTOR;
    changes.push(change);
  }
  return changes;
}

function changeOf(descriptor: Uint8Array, sector: Uint8Array, sequence: bigint): Change | undefined {
  const offset = u64le(descriptor, DESCRIPTOR.offset);
  if (u64le(descriptor, DESCRIPTOR.sequence) !== sequence || !isPlace(offset)) return undefined;
  switch (ascii(descriptor, 0, 4)) {
    case 'zero': {
      const length = u64le(descriptor, DESCRIPTOR.zeroLength);
      if (!isPlace(offset + length) || !isPlace(length)) return undefined;
      return { offset: Number(offset), length: Number(length), content: undefined };
    }
    case 'desc': {
      if (!isDataSector(sector, sequence)) return undefined;
      return { offset: Number(offset), length: LOG_SECTOR, content: restored(descriptor, sector) };
    }
    default:
      return undefined;
  }
}

function isPlace(word: bigint): boolean {
  return word <= SAFE && word % BigInt(LOG_SECTOR) === 0n;
}

function isDataSector(sector: Uint8Array, sequence: bigint): boolean {
  if (sector.length < LOG_SECTOR || ascii(sector, 0, 4) !== 'data') return false;
  const high = u32le(sector, DATA.sequenceHigh);
  return (BigInt(high) << 32n) + BigInt(u32le(sector, DATA.sequenceLow)) === sequence;
}

/** The bytes that gave way to the mark and the sequence number stand in the descriptor. */
function restored(descriptor: Uint8Array, sector: Uint8Array): Uint8Array {
  const content = new Uint8Array(sector);
  content.set(descriptor.subarray(DESCRIPTOR.leading, DESCRIPTOR.leading + 8), 0);
  content.set(descriptor.subarray(DESCRIPTOR.trailing, DESCRIPTOR.trailing + 4), DATA.sequenceLow);
  return content;
}
