import { readBytes, type Bytes } from '../../base/bytes.ts';
import { u16le, u32le, u64le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { exactWord } from '../exact.ts';
import { damaged } from '../intake.ts';
import { decodeName } from '../name.ts';
import { MEMBER_LIMIT } from '../package.ts';
import type { Directory } from './end-record.ts';

/** Central directory headers (APPNOTE.TXT 6.3.10 section 4.3.12). */
const SIGNATURE = 0x02014b50;
const LENGTH = 46;
const ZIP64_EXTRA = 1;
const UNIX = 3;
const FILE_TYPE = 0xf000;
/** Links, folders, character and block devices. What `zip` writes of its standard input may be called a pipe or a socket. */
const NO_FILES: readonly number[] = [0xa000, 0x4000, 0x2000, 0x6000];

/** A member as the directory tells it; its local header must say the same. */
export interface ZipEntry {
  readonly name: string;
  readonly rawName: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Where the local header stands. */
  readonly headerAt: number;
  readonly regular: boolean;
}

/** All entries of the directory, what is no regular file included. @throws DiskferryError `package-*` */
export async function readDirectory(file: Bytes, directory: Directory, signal?: AbortSignal): Promise<ZipEntry[]> {
  const { offset, length, count } = directory;
  const bytes = await readBytes(file, { offset, length }, signal);
  const entries: ZipEntry[] = [];
  let files = 0;
  let at = 0;
  while (at < bytes.length && entries.length <= count) {
    if (at + LENGTH > bytes.length || u32le(bytes, at) !== SIGNATURE)
      throw damaged('the zip directory is damaged', offset + at);
    const end = at + LENGTH + u16le(bytes, at + 28) + u16le(bytes, at + 30) + u16le(bytes, at + 32);
    if (end > bytes.length) throw damaged('a header leaves the zip directory', offset + at);
    const entry = parseEntry(bytes.subarray(at, end), offset + at);
    entries.push(entry);
    if (entry.regular && ++files > MEMBER_LIMIT) throw tooMany(offset + at);
    at = end;
  }
  if (entries.length === count) return entries;
  throw damaged(`the zip archive tells ${count} members; its directory has ${entries.length}`, offset);
}

function parseEntry(bytes: Uint8Array, at: number): ZipEntry {
  const nameEnd = LENGTH + u16le(bytes, 28);
  const extra = bytes.subarray(nameEnd, nameEnd + u16le(bytes, 30));
  const rawName = bytes.subarray(LENGTH, nameEnd);
  const name = decodeName(rawName);
  const [size = 0, packedSize = 0, headerAt = 0] = widened(
    [u32le(bytes, 24), u32le(bytes, 20), u32le(bytes, 42)],
    extra,
    at,
  );
  return {
    name,
    rawName,
    flags: u16le(bytes, 8),
    method: u16le(bytes, 10),
    crc: u32le(bytes, 16),
    packedSize,
    size,
    headerAt,
    regular: !name.endsWith('/') && isRegular(u16le(bytes, 4) >>> 8, u32le(bytes, 38) >>> 16),
  };
}

/** The mode stands in the attributes where a Unix made the archive. */
function isRegular(madeBy: number, mode: number): boolean {
  return madeBy !== UNIX || !NO_FILES.includes(mode & FILE_TYPE);
}

/** Words of 32 bits that are all ones stand in the zip64 extra field, in this order, and only those (section 4.5.3). */
export function widened(words: readonly number[], extra: Uint8Array, at: number): number[] {
  const field = words.includes(0xffffffff) ? extraField(extra, ZIP64_EXTRA) : undefined;
  let taken = 0;
  return words.map((word) => {
    if (word !== 0xffffffff || field === undefined) return word;
    if (taken + 8 > field.length) throw damaged('the zip64 extra field is too short', at);
    taken += 8;
    return exactWord(u64le(field, taken - 8), 'a number in a zip64 extra field', at);
  });
}

function extraField(extra: Uint8Array, wanted: number): Uint8Array | undefined {
  for (let at = 0; at + 4 <= extra.length;) {
    const end = at + 4 + u16le(extra, at + 2);
    if (u16le(extra, at) === wanted) return extra.subarray(at + 4, end);
    at = end;
  }
  return undefined;
}

function tooMany(offset: number): DiskferryError {
  return new DiskferryError('package-limit', `the zip archive has more than ${MEMBER_LIMIT} members`, { offset });
}
