import { endOf, readBytes, type Bytes, type Range } from '../../base/bytes.ts';
import { u16le, u32le } from '../../base/endian.ts';
import { damaged, truncated } from '../intake.ts';
import { widened, type ZipEntry } from './directory.ts';

/** Local file headers (APPNOTE.TXT 6.3.10 section 4.3.7). */
const SIGNATURE = 0x04034b50;
const LENGTH = 30;
const SIZES_BEHIND = 1 << 3;

/**
 * Reads the local header and holds it against the directory: two readers that believe one each would see two archives.
 * Gives where the member's packed bytes lie. `end` is where the directory begins.
 * @throws DiskferryError `package-damaged`, `package-truncated`
 */
export async function locateData(file: Bytes, entry: ZipEntry, end: number, signal?: AbortSignal): Promise<Range> {
  const at = entry.headerAt;
  const length = LENGTH + entry.rawName.length;
  if (at + length > end) throw damaged(`the header of the zip member at ${at} leaves the space of the members`, at);
  const header = await readBytes(file, { offset: at, length }, signal);
  if (u32le(header, 0) !== SIGNATURE) throw damaged('the local header of a zip member is missing', at);
  const extraLength = u16le(header, 28);
  if (at + length + extraLength > end) throw truncated('the local header of a zip member', at);
  const extra = await readBytes(file, { offset: at + length, length: extraLength }, signal);
  compare(header, extra, entry);
  const data = { offset: at + length + extraLength, length: entry.packedSize };
  if (endOf(data) > end)
    throw damaged(`the zip member ${data.offset}+${data.length} leaves the space of the members`, at);
  return data;
}

function compare(header: Uint8Array, extra: Uint8Array, entry: ZipEntry): void {
  const at = entry.headerAt;
  const flags = u16le(header, 6);
  const sameName =
    u16le(header, 26) === entry.rawName.length && Buffer.compare(header.subarray(LENGTH), entry.rawName) === 0;
  if (!sameName) throw damaged('the name of a zip member differs between its header and the directory', at);
  if (u16le(header, 8) !== entry.method)
    throw damaged('the method of a zip member differs between its header and the directory', at);
  if (((flags ^ entry.flags) & (SIZES_BEHIND | 1)) !== 0)
    throw damaged('the flags of a zip member differ between its header and the directory', at);
  const [size, packedSize] = widened([u32le(header, 22), u32le(header, 18)], extra, at);
  const told = { crc: u32le(header, 14), size, packedSize };
  // With the flag the numbers stand behind the data, and here as zeros.
  const absent = (flags & SIZES_BEHIND) !== 0;
  for (const key of ['crc', 'size', 'packedSize'] as const) {
    if (told[key] === entry[key] || (absent && (told[key] === 0 || told[key] === 0xffffffff))) continue;
    throw damaged(`the ${key} of a zip member is ${told[key]} in its header and ${entry[key]} in the directory`, at);
  }
}
