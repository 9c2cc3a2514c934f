import { MiB, SECTOR } from '../../base/align.ts';
import type { Bytes } from '../../base/bytes.ts';
import { u32le, u64le } from '../../base/endian.ts';
import { damaged } from '../fault.ts';
import { countOf, hasText } from '../filesystem/signature/content.ts';
import { findPvHeader } from '../filesystem/signature/lvm.ts';
import { readBounded } from '../part.ts';

/** A part of a volume group, with the newest text of the group's metadata that it holds. */
export interface PhysicalVolume {
  readonly id: string;
  readonly bytes: Bytes;
  /** Empty where another physical volume holds it. */
  readonly text: string;
}

const MAGIC = ' LVM2 x[5A%r0N*>';
const TEXT_LIMIT = 4 * MiB;

/** @throws GuestFault */
export async function readPhysicalVolume(bytes: Bytes): Promise<PhysicalVolume> {
  const found = await findPvHeader(bytes);
  if (!found) throw damaged('no label of a physical volume');
  const { sector, at } = found;
  const id = Buffer.from(sector.subarray(at, at + 32)).toString('latin1');
  const [, areas = []] = areaLists(sector.subarray(at + 40));
  const [first] = areas;
  return { id, bytes, text: first ? await readText(bytes, first.offset, first.length) : '' };
}

/** Two lists, of data and of metadata, each ended by a pair of zeros. */
function areaLists(words: Uint8Array): { offset: number; length: number }[][] {
  const lists: { offset: number; length: number }[][] = [[]];
  for (let at = 0; at + 16 <= words.length && lists.length <= 2; at += 16) {
    const offset = countOf(u64le(words, at)) ?? 0;
    const length = countOf(u64le(words, at + 8)) ?? 0;
    if (offset === 0) lists.push([]);
    else lists.at(-1)?.push({ offset, length });
  }
  return lists;
}

/** The metadata area is a ring; its header says where the newest text lies. */
async function readText(bytes: Bytes, start: number, length: number): Promise<string> {
  const header = await readBounded(bytes, { offset: start, length: SECTOR }, SECTOR, 'the header of the LVM metadata');
  if (!hasText(header, 4, MAGIC)) throw damaged('no header of LVM metadata');
  const offset = countOf(u64le(header, 40)) ?? 0;
  const size = countOf(u64le(header, 48)) ?? 0;
  if (size === 0 || (u32le(header, 60) & 1) !== 0) return '';
  if (offset < SECTOR || offset >= length) throw damaged('the LVM metadata lie outside of their area');
  const straight = Math.min(size, length - offset);
  const what = 'the text of the LVM metadata';
  const head = await readBounded(bytes, { offset: start + offset, length: straight }, TEXT_LIMIT, what);
  const rest = await readBounded(bytes, { offset: start + SECTOR, length: size - straight }, TEXT_LIMIT, what);
  return Buffer.concat([head, rest]).toString('utf8').replaceAll('\0', '');
}
