import { crc32 } from 'node:zlib';
import { KiB } from '../../base/align.ts';
import type { Bytes } from '../../base/bytes.ts';
import { readBytes } from '../../base/bytes.ts';
import { u16le, u32le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { damaged, type Intake } from '../intake.ts';

/** The frame of a gzip member (RFC 1952 section 2.3): what stands before and after the deflate data. */
const DEFLATE = 8;
const FHCRC = 1 << 1;
const FEXTRA = 1 << 2;
const FNAME = 1 << 3;
const FCOMMENT = 1 << 4;
const RESERVED = 0b1110_0000;
const FIXED_LENGTH = 10;

/** File names end at 4 KiB everywhere; what is longer than this is not a name. */
const TEXT_LIMIT = 64 * KiB;
export const TRAILER_LENGTH = 8;

export interface GzipTrailer {
  readonly crc: number;
  /** Size of the content modulo 4 GiB. */
  readonly isize: number;
}

export function hasGzipMagic(head: Uint8Array): boolean {
  return head[0] === 0x1f && head[1] === 0x8b;
}

/**
 * Reads the header of a member and leaves `intake` at its deflate data.
 * @throws DiskferryError `package-damaged`, `package-truncated`, `package-unsupported`, `package-limit`
 */
export async function readGzipHeader(intake: Intake): Promise<void> {
  const start = intake.at;
  const fixed = await intake.exactly(FIXED_LENGTH, 'a gzip header');
  if (!hasGzipMagic(fixed)) throw damaged('the gzip magic 1f 8b is missing', start);
  const method = fixed[2];
  if (method !== DEFLATE) {
    throw new DiskferryError('package-unsupported', `gzip method ${method}; 8 (deflate) is known`, { offset: start });
  }
  const flags = fixed[3] ?? 0;
  if ((flags & RESERVED) !== 0) throw damaged(`reserved gzip flags are set: ${flags}`, start + 3);
  let crc = crc32(fixed);
  if (flags & FEXTRA) crc = await skipExtra(intake, crc);
  if (flags & FNAME) crc = await skipText(intake, crc);
  if (flags & FCOMMENT) crc = await skipText(intake, crc);
  if (flags & FHCRC) await checkHeaderCrc(intake, crc);
}

export async function readGzipTrailer(intake: Intake): Promise<GzipTrailer> {
  const bytes = await intake.exactly(TRAILER_LENGTH, 'the gzip trailer');
  return { crc: u32le(bytes, 0), isize: u32le(bytes, 4) };
}

/**
 * ISIZE of the last member: the size of the content modulo 4 GiB where there is one member, and so a lower bound there.
 * No more than a hint: nothing but decoding tells whether there is one member.
 */
export async function isizeOf(packed: Bytes, signal?: AbortSignal): Promise<number | undefined> {
  if (packed.size < FIXED_LENGTH + TRAILER_LENGTH) return undefined;
  return u32le(await readBytes(packed, { offset: packed.size - 4, length: 4 }, signal), 0);
}

async function skipExtra(intake: Intake, before: number): Promise<number> {
  const size = await intake.exactly(2, 'a gzip extra field');
  const length = u16le(size, 0);
  const crc = crc32(size, before);
  return crc32(await intake.exactly(length, 'a gzip extra field'), crc);
}

async function skipText(intake: Intake, before: number): Promise<number> {
  const start = intake.at;
  for (let crc = before; intake.at - start < TEXT_LIMIT;) {
    const part = await intake.next();
    if (part === undefined) await intake.exactly(1, 'a gzip name or comment');
    const end = part?.indexOf(0) ?? -1;
    if (part !== undefined && end >= 0) {
      intake.unread(part.length - end - 1);
      return crc32(part.subarray(0, end + 1), crc);
    }
    if (part !== undefined) crc = crc32(part, crc);
  }
  throw new DiskferryError('package-limit', `a gzip name or comment is longer than ${TEXT_LIMIT} bytes`, {
    offset: start,
  });
}

async function checkHeaderCrc(intake: Intake, crc: number): Promise<void> {
  const at = intake.at;
  const stored = u16le(await intake.exactly(2, 'the CRC of a gzip header'), 0);
  if (stored !== (crc & 0xffff)) throw damaged('the CRC of the gzip header does not match', at);
}
