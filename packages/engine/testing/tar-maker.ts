import { alignUp } from '../src/base/align.ts';

/** Makes tar archives byte by byte: honest ones of every dialect, and those that no tool writes. */
export interface TarMember {
  readonly name: string;
  readonly content?: Uint8Array;
  /** Type flag; '0' is a file. */
  readonly type?: string;
  readonly linkName?: string;
  /** How a name or a size that does not fit is written; a short one is written in the header alone. */
  readonly dialect?: 'ustar' | 'gnu' | 'pax';
  /** Makes the member sparse: the content's pieces are stored, the rest are holes. */
  readonly sparse?: { readonly version: SparseVersion; readonly pieces: readonly (readonly [number, number])[] };
}

export type SparseVersion = 'old' | '0.0' | '0.1' | '1.0';

const BLOCK = 512;

export function makeTar(members: readonly TarMember[], end = 2): Uint8Array {
  return joined([...members.map(member), new Uint8Array(end * BLOCK)]);
}

export interface HeaderFields {
  readonly name: string;
  readonly size?: number;
  /** The size field as it is, for values that no number gives. */
  readonly rawSize?: string | Uint8Array;
  readonly type?: string;
  readonly linkName?: string;
  readonly magic?: string;
  readonly prefix?: string;
  readonly base256?: boolean;
  /** Changes the block before the checksum is made. */
  readonly patch?: (block: Uint8Array) => void;
}

/** One header block with a right checksum. */
export function header(fields: HeaderFields): Uint8Array {
  const block = new Uint8Array(BLOCK);
  const put = (text: string | Uint8Array, at: number) =>
    block.set(typeof text === 'string' ? Buffer.from(text) : text, at);
  put(Buffer.from(fields.name).subarray(0, 100), 0);
  put('0000644\0', 100);
  put('0000000\0', 108);
  put('0000000\0', 116);
  put(fields.rawSize ?? sizeField(fields.size ?? 0, fields.base256 === true), 124);
  put('00000000000\0', 136);
  put('        ', 148);
  put(fields.type ?? '0', 156);
  put(Buffer.from(fields.linkName ?? '').subarray(0, 100), 157);
  put(fields.magic ?? 'ustar\x0000', 257);
  put(fields.prefix ?? '', 345);
  fields.patch?.(block);
  const sum = block.reduce((total, byte) => total + byte, 0);
  put(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

export function padded(content: Uint8Array): Uint8Array {
  const block = new Uint8Array(alignUp(content.length, BLOCK));
  block.set(content);
  return block;
}

/** A pax header member (`x`, or `g` for all members behind it). */
export function paxHeader(records: readonly (readonly [string, string])[], type: 'x' | 'g' = 'x'): Uint8Array {
  const data = Buffer.concat(records.map(([keyword, value]) => paxRecord(keyword, value)));
  return joined([header({ name: 'PaxHeaders/x', size: data.length, type }), padded(data)]);
}

export function joined(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

/** The length of a record counts its own digits. */
function paxRecord(keyword: string, value: string): Uint8Array {
  const body = Buffer.from(` ${keyword}=${value}\n`);
  let length = body.length;
  while (String(length).length + body.length !== length) length = String(length).length + body.length;
  return Buffer.concat([Buffer.from(String(length)), body]);
}

function member(spec: TarMember): Uint8Array {
  if (spec.sparse) return sparseMember(spec, spec.sparse);
  const content = spec.content ?? new Uint8Array(0);
  const { front, fields } = named(spec);
  return joined([...front, header({ ...fields, size: content.length }), padded(content)]);
}

/** The headers in front of the member, and what its own header then says. */
function named(spec: TarMember): { front: Uint8Array[]; fields: HeaderFields } {
  const bytes = Buffer.from(spec.name);
  const fields = { name: spec.name, type: spec.type ?? '0', linkName: spec.linkName ?? '' };
  if (bytes.length <= 100) return { front: [], fields };
  if (spec.dialect === 'gnu') {
    const long = Buffer.from(`${spec.name}\0`);
    return {
      front: [header({ name: '././@LongLink', size: long.length, type: 'L', magic: 'ustar  ' }), padded(long)],
      fields,
    };
  }
  const slash = spec.name.lastIndexOf('/', 150);
  const fits = spec.dialect === 'ustar' && slash > 0 && Buffer.from(spec.name.slice(slash + 1)).length <= 100;
  if (fits)
    return { front: [], fields: { ...fields, name: spec.name.slice(slash + 1), prefix: spec.name.slice(0, slash) } };
  return { front: [paxHeader([['path', spec.name]])], fields };
}

function sparseMember(spec: TarMember, sparse: NonNullable<TarMember['sparse']>): Uint8Array {
  const content = spec.content ?? new Uint8Array(0);
  const stored = joined(sparse.pieces.map(([offset, length]) => content.subarray(offset, offset + length)));
  const numbers = sparse.pieces.flat();
  const size = String(content.length);
  const pax = (records: readonly (readonly [string, string])[], data: Uint8Array) =>
    joined([
      paxHeader([...records, ['GNU.sparse.name', spec.name]]),
      header({ name: 'GNUSparseFile.0/x', size: data.length }),
      padded(data),
    ]);
  if (sparse.version === 'old') return oldSparse(spec.name, content.length, sparse.pieces, stored);
  const count = String(sparse.pieces.length);
  if (sparse.version === '1.0') {
    const map = padded(Buffer.from([sparse.pieces.length, ...numbers].map((number) => `${number}\n`).join('')));
    return pax(
      [
        ['GNU.sparse.major', '1'],
        ['GNU.sparse.minor', '0'],
        ['GNU.sparse.realsize', size],
      ],
      joined([map, stored]),
    );
  }
  const map: [string, string][] =
    sparse.version === '0.1'
      ? [['GNU.sparse.map', numbers.join(',')]]
      : sparse.pieces.flatMap(([offset, length]) => [
          ['GNU.sparse.offset', String(offset)],
          ['GNU.sparse.numbytes', String(length)],
        ]);
  return pax([['GNU.sparse.size', size], ['GNU.sparse.numblocks', count], ...map], stored);
}

function oldSparse(
  name: string,
  size: number,
  pieces: readonly (readonly [number, number])[],
  stored: Uint8Array,
): Uint8Array {
  const fields = pieces.map(([offset, length]) => joined([sizeField(offset, false), sizeField(length, false)]));
  const patch = (block: Uint8Array) => {
    block.set(joined(fields.slice(0, 4)), 386);
    block[482] = pieces.length > 4 ? 1 : 0;
    block.set(sizeField(size, false), 483);
  };
  const blocks: Uint8Array[] = [];
  for (let at = 4; at < fields.length; at += 21) {
    const block = new Uint8Array(BLOCK);
    block.set(joined(fields.slice(at, at + 21)), 0);
    block[504] = at + 21 < fields.length ? 1 : 0;
    blocks.push(block);
  }
  return joined([header({ name, size: stored.length, type: 'S', magic: 'ustar  ', patch }), ...blocks, padded(stored)]);
}

function sizeField(value: number, base256: boolean): Uint8Array {
  if (!base256) return Buffer.from(`${value.toString(8).padStart(11, '0')}\0`);
  const bytes = Buffer.alloc(12);
  bytes.writeBigUInt64BE(BigInt(value), 4);
  bytes[0] = 0x80;
  return bytes;
}
