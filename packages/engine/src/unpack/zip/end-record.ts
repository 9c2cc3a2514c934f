import { KiB, MiB } from '../../base/align.ts';
import { readBytes, type Bytes } from '../../base/bytes.ts';
import { u16le, u32le, u64le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { exactWord } from '../exact.ts';
import { damaged, truncated } from '../intake.ts';
import { MEMBER_LIMIT } from '../package.ts';

/** End of central directory (APPNOTE.TXT 6.3.10 sections 4.3.14 to 4.3.16). */
const END = 0x06054b50;
const END_LENGTH = 22;
const LOCATOR = 0x07064b50;
const LOCATOR_LENGTH = 20;
const ZIP64_END = 0x06064b50;
const ZIP64_END_LENGTH = 56;

const DIRECTORY_LIMIT = 32 * MiB;

/** Where the central directory lies; it ends where the end records begin. */
export interface Directory {
  readonly offset: number;
  readonly length: number;
  readonly count: number;
}

/** @throws DiskferryError `package-truncated`, `package-damaged`, `package-unsupported`, `package-limit` */
export async function findDirectory(file: Bytes, signal?: AbortSignal): Promise<Directory> {
  const tailLength = Math.min(file.size, END_LENGTH + 64 * KiB);
  const tailAt = file.size - tailLength;
  const tail = await readBytes(file, { offset: tailAt, length: tailLength }, signal);
  const inTail = findEnd(tail);
  if (inTail === undefined) throw truncated('a zip archive without its end record', file.size);
  const at = tailAt + inTail;
  const record = tail.subarray(inTail);
  requireOneDisk([u16le(record, 4), u16le(record, 6)], at);
  const told = { count: u16le(record, 10), length: u32le(record, 12), offset: u32le(record, 16) };
  const zip64 = await findZip64(file, at, signal);
  if (zip64 === undefined) return checked(told, at);
  const agree = sameUnlessWide(told.count, zip64.directory.count, 0xffff);
  const words = [told.length, told.offset];
  const wider = [zip64.directory.length, zip64.directory.offset];
  if (!agree || !words.every((word, index) => sameUnlessWide(word, wider[index], 0xffffffff))) {
    throw damaged('the two end records of the zip archive tell different directories', zip64.at);
  }
  return checked(zip64.directory, zip64.at);
}

/** A number that does not fit its field is all ones there and stands in the zip64 record alone. */
function sameUnlessWide(narrow: number, wide: number | undefined, ones: number): boolean {
  return narrow === wide || narrow === ones;
}

function checked(directory: Directory, endAt: number): Directory {
  const { offset, length, count } = directory;
  if (count > MEMBER_LIMIT * 4 || length > DIRECTORY_LIMIT) {
    const found = `${count} members in a directory of ${length} bytes`;
    throw new DiskferryError('package-limit', `${found}; ${MEMBER_LIMIT} in ${DIRECTORY_LIMIT} bytes are read`, {
      offset: endAt,
    });
  }
  if (offset + length !== endAt)
    throw damaged(`the zip directory ${offset}+${length} does not end at its end record`, endAt);
  return directory;
}

/** The last end record whose comment reaches to the end of the file exactly. */
function findEnd(tail: Uint8Array): number | undefined {
  for (let at = tail.length - END_LENGTH; at >= 0; at--) {
    if (tail[at] !== 0x50 || u32le(tail, at) !== END) continue;
    if (at + END_LENGTH + u16le(tail, at + 20) === tail.length) return at;
  }
  return undefined;
}

async function findZip64(
  file: Bytes,
  endAt: number,
  signal?: AbortSignal,
): Promise<{ directory: Directory; at: number } | undefined> {
  const locatorAt = endAt - LOCATOR_LENGTH;
  if (locatorAt < ZIP64_END_LENGTH) return undefined;
  const locator = await readBytes(file, { offset: locatorAt, length: LOCATOR_LENGTH }, signal);
  if (u32le(locator, 0) !== LOCATOR) return undefined;
  requireOneDisk([u32le(locator, 4), u32le(locator, 16) - 1], locatorAt);
  const at = exactWord(u64le(locator, 8), 'the place of the zip64 end record', locatorAt);
  if (at + ZIP64_END_LENGTH > locatorAt) throw damaged(`the zip64 end record at ${at} leaves its place`, locatorAt);
  const record = await readBytes(file, { offset: at, length: ZIP64_END_LENGTH }, signal);
  if (u32le(record, 0) !== ZIP64_END) throw damaged('the zip64 end record is missing', at);
  requireOneDisk([u32le(record, 16), u32le(record, 20)], at);
  const count = exactWord(u64le(record, 32), 'the number of zip members', at);
  const length = exactWord(u64le(record, 40), 'the length of the zip directory', at);
  const offset = exactWord(u64le(record, 48), 'the place of the zip directory', at);
  return { directory: { offset, length, count }, at };
}

function requireOneDisk(numbers: readonly number[], offset: number): void {
  if (numbers.every((number) => number === 0)) return;
  throw new DiskferryError('package-unsupported', 'a zip archive in several parts', { offset });
}
