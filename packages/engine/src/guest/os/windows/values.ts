import { KiB } from '../../../base/align.ts';
import { u16le, u32le } from '../../../base/endian.ts';
import { damaged } from '../../fault.ts';
import { hasText } from '../../filesystem/signature/content.ts';
import { shown } from '../../text.ts';
import type { ReadCell } from './cells.ts';

export interface RegistryValue {
  readonly name: string;
  /** A text, a 32-bit number, or bytes; undefined for every other type. */
  readonly content: string | number | Uint8Array | undefined;
}

const TYPE = { text: 1, expandable: 2, binary: 3, number: 4 };
const READ: readonly number[] = Object.values(TYPE);
const NAME_IS_LATIN = 1;
/** Data of up to four bytes stand in place of their offset. */
const INLINE = 0x8000_0000;
const DATA_LIMIT = 16 * KiB;

export async function readValue(read: ReadCell, offset: number): Promise<RegistryValue> {
  const cell = await read(offset, 64 * KiB);
  if (!hasText(cell, 0, 'vk') || cell.length < 20) throw damaged('the registry leads to what is no value');
  const raw = Buffer.from(cell.subarray(20, 20 + u16le(cell, 2)));
  const name = raw.toString((u16le(cell, 16) & NAME_IS_LATIN) !== 0 ? 'latin1' : 'utf16le');
  const type = u32le(cell, 12);
  if (!READ.includes(type)) return { name, content: undefined };
  const data = await dataOf(read, cell);
  if (type === TYPE.binary) return { name, content: data };
  if (type === TYPE.number) return { name, content: data.length >= 4 ? u32le(data, 0) : undefined };
  const text = Buffer.from(data).toString('utf16le').replace(/\0.*$/s, '');
  return { name, content: shown(text) };
}

async function dataOf(read: ReadCell, cell: Uint8Array): Promise<Uint8Array> {
  const size = u32le(cell, 4);
  if (size >= INLINE) return cell.subarray(8, 8 + Math.min(4, size - INLINE));
  return size === 0 ? new Uint8Array(0) : (await read(u32le(cell, 8), DATA_LIMIT)).subarray(0, size);
}
