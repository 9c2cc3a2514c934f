import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib';
import type { MemberContent } from './unpack-conformance.ts';

export interface ZipSpec extends MemberContent {
  readonly method?: number;
  readonly flags?: number;
  readonly packed?: Uint8Array;
  /** Told by the directory instead of what is so. */
  readonly told?: {
    readonly size?: number;
    readonly packedSize?: number;
    readonly crc?: number;
    readonly headerAt?: number;
    readonly name?: string;
  };
  readonly attributes?: number;
}

function pack(spec: ZipSpec): Uint8Array {
  if (spec.packed) return spec.packed;
  if (spec.method === 8) return deflateRawSync(spec.content);
  return spec.method === 93 ? zstdCompressSync(spec.content) : spec.content;
}

/** Makes a zip byte by byte, honest or not. */
export function makeZip(
  specs: readonly ZipSpec[],
  end: { count?: number; comment?: string; prefix?: Uint8Array } = {},
): Uint8Array {
  const parts: Uint8Array[] = [end.prefix ?? new Uint8Array(0)];
  const directory: Uint8Array[] = [];
  let at = parts[0]?.length ?? 0;
  for (const spec of specs) {
    const packed = pack(spec);
    const name = Buffer.from(spec.name);
    const words = { crc: crc32(spec.content), packedSize: packed.length, size: spec.content.length };
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    writeCommon(local, 6, spec, words);
    local.writeUInt16LE(name.length, 26);
    parts.push(local, name, packed);
    const toldName = Buffer.from(spec.told?.name ?? spec.name);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt16LE(3 << 8, 4);
    writeCommon(central, 8, spec, { ...words, ...spec.told });
    central.writeUInt16LE(toldName.length, 28);
    central.writeUInt32LE(((spec.attributes ?? 0) << 16) >>> 0, 38);
    central.writeUInt32LE(spec.told?.headerAt ?? at, 42);
    directory.push(central, toldName);
    at += local.length + name.length + packed.length;
  }
  const length = directory.reduce((sum, part) => sum + part.length, 0);
  const record = Buffer.alloc(22);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(end.count ?? specs.length, 8);
  record.writeUInt16LE(end.count ?? specs.length, 10);
  record.writeUInt32LE(length, 12);
  record.writeUInt32LE(at, 16);
  record.writeUInt16LE(end.comment?.length ?? 0, 20);
  return new Uint8Array(Buffer.concat([...parts, ...directory, record, Buffer.from(end.comment ?? '')]));
}

function writeCommon(
  header: Buffer,
  at: number,
  spec: ZipSpec,
  words: { crc: number; packedSize: number; size: number },
): void {
  header.writeUInt16LE(spec.flags ?? 0, at);
  header.writeUInt16LE(spec.method ?? 0, at + 2);
  header.writeUInt32LE(words.crc, at + 8);
  header.writeUInt32LE(words.packedSize, at + 12);
  header.writeUInt32LE(words.size, at + 16);
}
