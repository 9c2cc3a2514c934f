import { u16le, u32le } from '../../../base/endian.ts';
import type { NodeKind, TreeNode } from '../filesystem.ts';

export interface FatNode extends TreeNode {
  /** Undefined for the root of FAT12 and FAT16. */
  readonly cluster: number | undefined;
}

const ENTRY = 32;
const ATTRIBUTE = { volume: 0x08, directory: 0x10, longName: 0x0f };
const DELETED = 0xe5;
const LAST_PART = 0x40;
const UNITS_PER_PART = 13;
const PARTS = 20;

/** The entries of a directory, each with its long name where its checksum says that it belongs to it. */
export function* entriesOf(content: Uint8Array, wide: boolean): Generator<{ name: string; node: FatNode }> {
  let long: LongName | undefined;
  for (let at = 0; at + ENTRY <= content.length; at += ENTRY) {
    const entry = content.subarray(at, at + ENTRY);
    const [first = 0] = entry;
    if (first === 0) return;
    const attributes = entry[11] ?? 0;
    if (first !== DELETED && (attributes & 0x3f) === ATTRIBUTE.longName) {
      long = withPart(long, entry);
      continue;
    }
    if (first !== DELETED && (attributes & ATTRIBUTE.volume) === 0) {
      const name = (long && nameIfOf(long, entry)) ?? shortName(entry);
      if (name !== '.' && name !== '..') yield { name, node: nodeOf(entry, attributes, wide) };
    }
    long = undefined;
  }
}

interface LongName {
  readonly checksum: number;
  /** How many parts are still to come: they stand in reverse. */
  readonly left: number;
  readonly units: string;
}

function withPart(before: LongName | undefined, entry: Uint8Array): LongName | undefined {
  const order = entry[0] ?? 0;
  const checksum = entry[13] ?? 0;
  const place = order & 0x3f;
  const text = Buffer.concat([entry.subarray(1, 11), entry.subarray(14, 26), entry.subarray(28, 32)]).toString(
    'utf16le',
  );
  if ((order & LAST_PART) !== 0) {
    return place >= 1 && place <= PARTS ? { checksum, left: place - 1, units: text } : undefined;
  }
  if (!before || before.left !== place || before.checksum !== checksum) return undefined;
  return { checksum, left: place - 1, units: text + before.units };
}

function nameIfOf(long: LongName, entry: Uint8Array): string | undefined {
  let sum = 0;
  for (const byte of entry.subarray(0, 11)) sum = (((sum & 1) << 7) + (sum >>> 1) + byte) & 0xff;
  if (long.left !== 0 || sum !== long.checksum) return undefined;
  const end = long.units.indexOf('\0');
  return (end < 0 ? long.units : long.units.slice(0, end)).slice(0, PARTS * UNITS_PER_PART).toWellFormed();
}

function shortName(entry: Uint8Array): string {
  const bytes = Buffer.from(entry.subarray(0, 11));
  // The first byte of a Japanese name may be the mark of a deleted one, and is then written so.
  if (bytes[0] === 0x05) bytes[0] = DELETED;
  const lower = entry[12] ?? 0;
  const base = bytes.subarray(0, 8).toString('latin1').trimEnd();
  const extension = bytes.subarray(8).toString('latin1').trimEnd();
  const cased = (text: string, bit: number) => ((lower & bit) !== 0 ? text.toLowerCase() : text);
  return extension === '' ? cased(base, 8) : `${cased(base, 8)}.${cased(extension, 16)}`;
}

function nodeOf(entry: Uint8Array, attributes: number, wide: boolean): FatNode {
  const kind: NodeKind = (attributes & ATTRIBUTE.directory) !== 0 ? 'directory' : 'file';
  const cluster = u16le(entry, 26) + (wide ? u16le(entry, 20) * 65_536 : 0);
  return { kind, size: kind === 'file' ? u32le(entry, 28) : 0, cluster };
}
