import { GiB, isAligned, isPowerOfTwo, MiB, SECTOR } from '../../base/align.ts';
import { endOf, overlap, readBytes, type Bytes, type Range } from '../../base/bytes.ts';
import { exact, u32be, u64be } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { checkChecksum, FOOTER_SIZE, type Footer } from './footer.ts';

/** The dynamic disk header (VHD specification 1.0, "Dynamic Disk Header Format"), big-endian. */
const HEADER_SIZE = 1024;
const FIELD = { tableOffset: 16, version: 24, entries: 28, blockSize: 32, checksum: 36 };
const COOKIE = Buffer.from('cxsparse', 'latin1');

export const TABLE_ENTRY_SIZE = 4;
/** As qemu has it (0xff000000 sectors): behind it, 32-bit sector numbers of blocks would not reach. */
const DISK_LIMIT = 2040 * GiB;
/** 2 GiB of table: more than any disk within the limit has at the block sizes in use. */
const ENTRY_LIMIT = 2 ** 29;
const LARGEST_BLOCK = 256 * MiB;

export interface DynamicHeader {
  readonly blockSize: number;
  /** The part of the block allocation table that the disk uses. */
  readonly table: Range;
  /** Where no block may lie: the copy of the footer, this header, the table. */
  readonly taken: readonly Range[];
}

/**
 * @param diskSize in bytes, checked to be whole sectors
 * @throws DiskferryError `image-damaged`, `image-truncated`, `image-checksum`, `image-unsupported`, `image-limit`
 */
export async function readDynamicHeader(
  file: Bytes,
  footer: Footer,
  diskSize: number,
  signal?: AbortSignal,
): Promise<DynamicHeader> {
  if (diskSize > DISK_LIMIT) {
    const message = `the dynamic VHD has ${diskSize} bytes; up to ${DISK_LIMIT} are allowed`;
    throw new DiskferryError('image-limit', message, { offset: 0 });
  }
  const at = headerOffset(footer);
  const header = await readWhole(file, at, signal);
  checkWords(header, at);
  const blockSize = u32be(header, FIELD.blockSize);
  const used = Math.ceil(diskSize / blockSize);
  checkCoverage(u32be(header, FIELD.entries), { used, blockSize, diskSize, at });
  const table = tableRange(header, { used, at, fileSize: file.size });
  const front = [
    { offset: 0, length: FOOTER_SIZE },
    { offset: at, length: HEADER_SIZE },
  ];
  if (front.some((range) => overlap(range, table))) {
    const message = `the block table at ${table.offset} lies over the headers`;
    throw new DiskferryError('image-damaged', message, { offset: at + FIELD.tableOffset });
  }
  return { blockSize, table, taken: [...front, table] };
}

function headerOffset({ dataOffset }: Footer): number {
  if (dataOffset !== undefined && dataOffset >= FOOTER_SIZE) return dataOffset;
  throw new DiskferryError('image-damaged', `the dynamic header is said to lie at ${dataOffset}`, { offset: 16 });
}

async function readWhole(file: Bytes, at: number, signal?: AbortSignal): Promise<Uint8Array> {
  const length = Math.max(0, Math.min(HEADER_SIZE, file.size - at));
  const header = await readBytes(file, { offset: length === 0 ? 0 : at, length }, signal);
  if (length > FIELD.checksum) checkMark(header, at);
  if (length === HEADER_SIZE) return header;
  const message = `the dynamic header lies at ${at}, the file ends at ${file.size}`;
  throw new DiskferryError('image-truncated', message, { offset: at });
}

/** Before the checksum and the length: a hostile count is the more telling answer. */
function checkMark(header: Uint8Array, at: number): void {
  if (Buffer.compare(header.subarray(0, 8), COOKIE) !== 0) {
    throw new DiskferryError('image-damaged', `no dynamic disk header at ${at}, where the footer says`, { offset: at });
  }
  const entries = u32be(header, FIELD.entries);
  if (entries <= ENTRY_LIMIT) return;
  const message = `the block table has ${entries} entries; up to ${ENTRY_LIMIT} are allowed`;
  throw new DiskferryError('image-limit', message, { offset: at + FIELD.entries });
}

function checkWords(header: Uint8Array, at: number): void {
  checkChecksum(header, FIELD.checksum, { what: 'dynamic header', at });
  const version = u32be(header, FIELD.version);
  if (version >>> 16 !== 1) {
    const message = `dynamic VHD header version 0x${version.toString(16)}; version 1 is supported`;
    throw new DiskferryError('image-unsupported', message, { offset: at + FIELD.version });
  }
  const blockSize = u32be(header, FIELD.blockSize);
  if (!isPowerOfTwo(blockSize) || blockSize < SECTOR || blockSize > LARGEST_BLOCK) {
    const message = `the block size is ${blockSize}; powers of two from ${SECTOR} to ${LARGEST_BLOCK} are allowed`;
    throw new DiskferryError('image-damaged', message, { offset: at + FIELD.blockSize });
  }
}

/** A table that is too short leaves no place for the end of the disk; no writer is known that makes one. */
function checkCoverage(
  entries: number,
  { used, blockSize, diskSize, at }: { used: number; blockSize: number; diskSize: number; at: number },
): void {
  if (used <= entries) return;
  const message = `the block table covers ${entries} blocks of ${blockSize} bytes, the disk has ${diskSize} bytes`;
  throw new DiskferryError('image-damaged', message, { offset: at + FIELD.entries });
}

function tableRange(header: Uint8Array, { used, at, fileSize }: { used: number; at: number; fileSize: number }): Range {
  const field = at + FIELD.tableOffset;
  const offset = exact(u64be(header, FIELD.tableOffset), 'the offset of the block table', field);
  const table = { offset, length: used * TABLE_ENTRY_SIZE };
  if (!isAligned(offset, TABLE_ENTRY_SIZE)) {
    throw new DiskferryError('image-damaged', `the block table lies at ${offset}, no whole word`, { offset: field });
  }
  if (endOf(table) > fileSize) {
    const message = `the block table reaches ${endOf(table)}, the file ends at ${fileSize}`;
    throw new DiskferryError('image-truncated', message, { offset });
  }
  return table;
}
