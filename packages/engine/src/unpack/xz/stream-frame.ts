import { crc32 } from 'node:zlib';
import { u32le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { damaged } from '../intake.ts';

/** Header and footer of an xz stream (xz-file-format 1.1.0 sections 2.1.1 and 2.1.2). */
export const STREAM_HEADER_LENGTH = 12;
export const STREAM_FOOTER_LENGTH = 12;

const HEADER_MAGIC = [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] as const;
const FOOTER_MAGIC = [0x59, 0x5a] as const;

/** The number of the check that follows each block: 0 none, 1 CRC32, 4 CRC64, 10 SHA-256. */
export type CheckId = 0 | 1 | 4 | 10;

export interface StreamFooter {
  readonly check: CheckId;
  /** Length of the index, from its indicator to its CRC. */
  readonly indexLength: number;
}

export function hasStreamMagic(head: Uint8Array): boolean {
  return HEADER_MAGIC.every((byte, at) => head[at] === byte);
}

/** @throws DiskferryError `package-damaged`, `package-unsupported` */
export function parseStreamHeader(bytes: Uint8Array, at: number): CheckId {
  if (!hasStreamMagic(bytes)) throw damaged('something that is not xz follows', at);
  if (crc32(bytes.subarray(6, 8)) !== u32le(bytes, 8))
    throw damaged('the CRC of an xz stream header does not match', at);
  return parseFlags(bytes[6] ?? 0, bytes[7] ?? 0, at + 6);
}

/** @throws DiskferryError `package-damaged`, `package-unsupported` */
export function parseStreamFooter(bytes: Uint8Array, at: number): StreamFooter {
  if (!FOOTER_MAGIC.every((byte, place) => bytes[10 + place] === byte))
    throw damaged('the xz footer magic YZ is missing', at);
  if (crc32(bytes.subarray(4, 10)) !== u32le(bytes, 0))
    throw damaged('the CRC of an xz stream footer does not match', at);
  return { check: parseFlags(bytes[8] ?? 0, bytes[9] ?? 0, at + 8), indexLength: (u32le(bytes, 4) + 1) * 4 };
}

export function isCheckId(value: number): value is CheckId {
  return value === 0 || value === 1 || value === 4 || value === 10;
}

function parseFlags(first: number, second: number, offset: number): CheckId {
  if (first !== 0 || second > 0x0f) {
    throw new DiskferryError('package-unsupported', `reserved xz stream flags are set: ${first}, ${second}`, {
      offset,
    });
  }
  if (isCheckId(second)) return second;
  throw new DiskferryError('package-unsupported', `xz check type ${second}; CRC32, CRC64, SHA-256 and none are known`, {
    offset,
  });
}
