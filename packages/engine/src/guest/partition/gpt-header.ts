import { crc32 } from 'node:zlib';
import { isPowerOfTwo, MiB } from '../../base/align.ts';
import { readBytes, type Bytes } from '../../base/bytes.ts';
import { u32le, u64le } from '../../base/endian.ts';
import { GuestFault } from '../fault.ts';
import { mixedGuid } from '../guid.ts';

/** A GPT header and its entries (UEFI 2.10, 5.3.2), or the reason why they cannot be used. */
export interface GptHeader {
  readonly diskId: string;
  /** Where the other header stands, in sectors. */
  readonly other: number;
  readonly entrySize: number;
  readonly entries: Uint8Array;
}

const MAGIC = Buffer.from('EFI PART', 'latin1');
const HEADER_SIZE = 92;
/** 4096 entries of 256 bytes; the usual table has 16 KiB. */
const TABLE_LIMIT = MiB;

export async function readGptHeader(disk: Bytes, at: number, sectorSize: number): Promise<GptHeader | string> {
  try {
    return await readWhole(disk, at, sectorSize);
  } catch (error) {
    // One of the two may be out of reach: of a packed image only the beginning is seen.
    if (error instanceof GuestFault && error.kind === 'limit') return `was not seen (${error.message})`;
    throw error;
  }
}

async function readWhole(disk: Bytes, at: number, sectorSize: number): Promise<GptHeader | string> {
  if (at < 0 || at + sectorSize > disk.size) return 'lies behind the end of the disk';
  const sector = await readBytes(disk, { offset: at, length: sectorSize });
  if (!hasGptMagic(sector)) return 'is not there';
  const size = u32le(sector, 12);
  if (size < HEADER_SIZE || size > sectorSize) return `tells ${size} bytes as its size`;
  const expected = u32le(sector, 16);
  const counted = sector.slice(0, size);
  counted.fill(0, 16, 20);
  if (crc32(counted) !== expected) return 'does not match its CRC';
  return await withEntries(disk, sector, sectorSize);
}

export function hasGptMagic(sector: Uint8Array): boolean {
  return Buffer.compare(sector.subarray(0, MAGIC.length), MAGIC) === 0;
}

async function withEntries(disk: Bytes, sector: Uint8Array, sectorSize: number): Promise<GptHeader | string> {
  const count = u32le(sector, 80);
  const entrySize = u32le(sector, 84);
  if (entrySize < 128 || !isPowerOfTwo(entrySize)) return `has entries of ${entrySize} bytes`;
  const length = count * entrySize;
  if (length === 0 || length > TABLE_LIMIT) return `has ${count} entries of ${entrySize} bytes`;
  const at = Number(u64le(sector, 72)) * sectorSize;
  if (at + length > disk.size) return 'has its entries behind the end of the disk';
  const entries = await readBytes(disk, { offset: at, length });
  if (crc32(entries) !== u32le(sector, 88)) return 'has entries that do not match their CRC';
  return { diskId: mixedGuid(sector, 56), other: Number(u64le(sector, 32)), entrySize, entries };
}
