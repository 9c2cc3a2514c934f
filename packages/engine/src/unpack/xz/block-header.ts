import { crc32 } from 'node:zlib';
import { MiB } from '../../base/align.ts';
import { u32le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { isZero } from '../../base/zero.ts';
import { damaged } from '../intake.ts';
import { readVli, type Cursor } from './vli.ts';

/** Block headers (xz-file-format 1.1.0 sections 3.1 and 5.3). */
const LZMA2 = 0x21;
const RESERVED_FLAGS = 0x3c;
const HAS_PACKED_SIZE = 0x40;
const HAS_CONTENT_SIZE = 0x80;

/** What a decoder must keep of what it has written; `xz -9` takes 64 MiB. */
export const DICTIONARY_LIMIT = 128 * MiB;

/** A filter in front of LZMA2, with its properties as they stand. */
export interface FilterFlags {
  readonly id: number;
  readonly properties: Uint8Array;
}

export interface BlockHeader {
  readonly length: number;
  readonly dictionary: number;
  /** In the order of the header: the last one is undone first. */
  readonly filters: readonly FilterFlags[];
  readonly packedSize: number | undefined;
  readonly contentSize: number | undefined;
}

/** Length of a block header by its first byte, which is not 0 (that begins the index). */
export function blockHeaderLength(first: number): number {
  return (first + 1) * 4;
}

/** @throws DiskferryError `package-damaged`, `package-unsupported`, `package-limit` (dictionary) */
export function parseBlockHeader(bytes: Uint8Array, at: number): BlockHeader {
  const end = bytes.length - 4;
  if (crc32(bytes.subarray(0, end)) !== u32le(bytes, end))
    throw damaged('the CRC of an xz block header does not match', at);
  const cursor: Cursor = { bytes: bytes.subarray(0, end), at: 2, start: at };
  const flags = bytes[1] ?? 0;
  if ((flags & RESERVED_FLAGS) !== 0) throw unsupported(`reserved xz block flags are set: ${flags}`, at + 1);
  const packedSize = flags & HAS_PACKED_SIZE ? readVli(cursor, 'the packed size of an xz block') : undefined;
  const contentSize = flags & HAS_CONTENT_SIZE ? readVli(cursor, 'the content size of an xz block') : undefined;
  if (packedSize === 0) throw damaged('an xz block header tells a packed size of 0', at);
  const chain = Array.from({ length: (flags & 3) + 1 }, () => readFilter(cursor));
  if (!isZero(cursor.bytes.subarray(cursor.at)))
    throw unsupported('the padding of an xz block header is not zero', at + cursor.at);
  const filters = chain.slice(0, -1);
  if (filters.some((filter) => filter.id === LZMA2))
    throw damaged('LZMA2 stands in the middle of an xz filter chain', at);
  return { length: bytes.length, dictionary: dictionaryOf(chain.at(-1), at), filters, packedSize, contentSize };
}

function readFilter(cursor: Cursor): FilterFlags {
  const id = readVli(cursor, 'an xz filter');
  const length = readVli(cursor, 'the properties of an xz filter');
  if (length > cursor.bytes.length - cursor.at)
    throw damaged('the properties of an xz filter leave its block header', cursor.start);
  const properties = cursor.bytes.slice(cursor.at, cursor.at + length);
  cursor.at += length;
  return { id, properties };
}

function dictionaryOf(last: FilterFlags | undefined, at: number): number {
  if (last?.id !== LZMA2) throw unsupported(`the xz filter chain ends with ${last?.id}; LZMA2 (${LZMA2}) is known`, at);
  const [bits = 0, ...more] = last.properties;
  if (last.properties.length !== 1 || more.length > 0 || bits > 40) throw unsupported('unknown LZMA2 properties', at);
  const size = bits === 40 ? 2 ** 32 - 1 : (2 | (bits & 1)) * 2 ** ((bits >>> 1) + 11);
  if (size <= DICTIONARY_LIMIT) return size;
  throw new DiskferryError(
    'package-limit',
    `the xz block needs a dictionary of ${size} bytes; ${DICTIONARY_LIMIT} are allowed`,
    { offset: at },
  );
}

function unsupported(message: string, offset: number): DiskferryError {
  return new DiskferryError('package-unsupported', message, { offset });
}
