import { u16le, u32le, u64le } from '../../../base/endian.ts';
import { countOf } from '../signature/content.ts';

export interface IndexEntry {
  readonly record: number;
  readonly name: string;
}

const HAS_CHILD = 1;
const LAST = 2;
/** The short name that DOS sees stands beside the long one. */
const DOS = 2;

/** One node of the index of a directory: its entries, and the nodes below, as their places in the allocation. */
export function readNode(bytes: Uint8Array, header: number): { entries: IndexEntry[]; children: number[] } {
  const entries: IndexEntry[] = [];
  const children: number[] = [];
  const end = Math.min(bytes.length, header + u32le(bytes, header + 4));
  for (let at = header + u32le(bytes, header); at + 16 <= end;) {
    const length = u16le(bytes, at + 8);
    const flags = u16le(bytes, at + 12);
    if (length < 16 || at + length > end) break;
    const child = (flags & HAS_CHILD) !== 0 && length >= 24 ? countOf(u64le(bytes, at + length - 8)) : undefined;
    if (child !== undefined) children.push(child);
    if ((flags & LAST) !== 0) break;
    const entry = entryOf(bytes.subarray(at, at + length));
    if (entry) entries.push(entry);
    at += length;
  }
  return { entries, children };
}

function entryOf(bytes: Uint8Array): IndexEntry | undefined {
  const key = 16;
  if (bytes.length < key + 66 || bytes[key + 65] === DOS) return undefined;
  const nameAt = key + 66;
  const name = bytes.subarray(nameAt, nameAt + (bytes[key + 64] ?? 0) * 2);
  // Six bytes are the number of the record, two count how often it was used.
  const record = u32le(bytes, 0) + u16le(bytes, 4) * 2 ** 32;
  return { record, name: Buffer.from(name).toString('utf16le').toWellFormed() };
}
