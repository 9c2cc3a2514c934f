import { u16le, u32le, u64le } from '../../../base/endian.ts';
import { countOf } from '../signature/content.ts';

export const ATTRIBUTE = { list: 0x20, data: 0x80, indexRoot: 0x90, indexAllocation: 0xa0, reparse: 0xc0 };
const END = 0xffff_ffff;
const COUNT_LIMIT = 256;
const PACKED = 0x00ff;

export interface Attribute {
  readonly type: number;
  readonly name: string;
  /** Compressed, encrypted, sparse. */
  readonly flags: number;
  /** Clusters that are packed together; 0: none are. */
  readonly unitClusters: number;
  /** Where it lies in the record itself. */
  readonly resident: Uint8Array | undefined;
  /** Where its clusters are told, and from which cluster of the attribute on. */
  readonly runs: Uint8Array;
  readonly firstCluster: number;
  readonly size: number;
  /** Behind it the content reads as zeros. */
  readonly initialized: number;
}

/** The attributes of a record whose fixups are undone. A length that cannot be right ends them. */
export function attributesOf(record: Uint8Array): Attribute[] {
  const found: Attribute[] = [];
  for (let at = u16le(record, 20); at + 24 <= record.length && u32le(record, at) !== END;) {
    const length = u32le(record, at + 4);
    if (length < 24 || at + length > record.length || found.length >= COUNT_LIMIT) break;
    const attribute = attributeOf(record.subarray(at, at + length));
    if (attribute) found.push(attribute);
    at += length;
  }
  return found;
}

function attributeOf(bytes: Uint8Array): Attribute | undefined {
  const nameAt = u16le(bytes, 10);
  const name = Buffer.from(bytes.subarray(nameAt, nameAt + (bytes[9] ?? 0) * 2)).toString('utf16le');
  const common = { type: u32le(bytes, 0), name, flags: u16le(bytes, 12) };
  if (bytes[8] === 0) {
    const at = u16le(bytes, 20);
    const resident = bytes.subarray(at, at + u32le(bytes, 16));
    return {
      ...common,
      unitClusters: 0,
      resident,
      runs: new Uint8Array(0),
      firstCluster: 0,
      size: resident.length,
      initialized: resident.length,
    };
  }
  if (bytes.length < 64) return undefined;
  return {
    ...common,
    unitClusters: (common.flags & PACKED) === 0 ? 0 : 2 ** u16le(bytes, 34),
    resident: undefined,
    runs: bytes.subarray(u16le(bytes, 32)),
    firstCluster: countOf(u64le(bytes, 16)) ?? Number.MAX_SAFE_INTEGER,
    size: countOf(u64le(bytes, 48)) ?? Number.MAX_SAFE_INTEGER,
    initialized: countOf(u64le(bytes, 56)) ?? Number.MAX_SAFE_INTEGER,
  };
}

/** The pieces of the file's own content: streams beside it have names. */
export function dataOf(attributes: readonly Attribute[]): readonly Attribute[] {
  return attributes.filter(({ type, name }) => type === ATTRIBUTE.data && name === '');
}
