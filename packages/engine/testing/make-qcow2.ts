import { deflateRawSync, zstdCompressSync } from 'node:zlib';
import { alignUp, SECTOR } from '../src/base/align.ts';

/**
 * A writer of qcow2 files that puts every part where the test wants it: qemu-img writes tables in front of data, and a
 * reader must not depend on that. Reference counts are left out (all zero).
 */
export interface Qcow2Plan {
  readonly disk: Uint8Array;
  readonly clusterBits: number;
  readonly codec?: 'deflate' | 'zstd';
  /** What becomes of a cluster of the disk. `zero` and `hole` are for clusters that hold zeros. */
  readonly kindOf: (index: number) => 'plain' | 'packed' | 'zero' | 'hole';
  /** Order of the parts in the file: the L1 table, the L2 tables, plain clusters, runs of packed clusters. */
  readonly order: (parts: readonly Qcow2Part[]) => readonly Qcow2Part[];
  /** How packed clusters follow each other. Default: in the order of the disk. */
  readonly packedOrder?: (indexes: readonly number[]) => readonly number[];
}

export interface Qcow2Part {
  readonly kind: 'l1' | 'l2' | 'plain' | 'packed';
  /** Of an L2 table its place in the L1 table, of a plain cluster its place on the disk. */
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** Packed clusters that share host clusters are one part: this many at most. */
const PACKED_RUN = 24;
const V3_HEADER = 112;

export function makeQcow2(plan: Qcow2Plan): Uint8Array {
  const size = 2 ** plan.clusterBits;
  const units = packUnits(plan);
  const parts = plan.order([...tables(plan), ...plainParts(plan), ...units.map(({ part }) => part)]);
  const offsets = new Map<Qcow2Part, number>();
  let end = size;
  for (const part of parts) {
    offsets.set(part, end);
    end += alignUp(part.bytes.length, size);
  }
  fillTables(plan, { parts, units, offsets });
  const file = new Uint8Array(end);
  file.set(header(plan, offsets.get(find(parts, 'l1', 0)) ?? 0));
  for (const [part, offset] of offsets) file.set(part.bytes, offset);
  return file;
}

/** Parts as they come, with the tables in front. */
export const tablesFirst = (parts: readonly Qcow2Part[]): readonly Qcow2Part[] => parts;
export const tablesLast = (parts: readonly Qcow2Part[]): readonly Qcow2Part[] => parts.toReversed();

interface PackedPart {
  readonly part: Qcow2Part;
  /** By cluster of the disk: where its packed bytes lie in the part. */
  readonly units: ReadonlyMap<number, { readonly at: number; readonly length: number }>;
}

function clusterCount({ disk, clusterBits }: Qcow2Plan): number {
  return Math.ceil(disk.length / 2 ** clusterBits);
}

function clustersOf(plan: Qcow2Plan, kind: ReturnType<Qcow2Plan['kindOf']>): number[] {
  return [...Array(clusterCount(plan)).keys()].filter((index) => plan.kindOf(index) === kind);
}

function cluster({ disk, clusterBits }: Qcow2Plan, index: number): Uint8Array {
  const whole = new Uint8Array(2 ** clusterBits);
  whole.set(disk.subarray(index * whole.length, (index + 1) * whole.length));
  return whole;
}

function tables(plan: Qcow2Plan): Qcow2Part[] {
  const size = 2 ** plan.clusterBits;
  const count = Math.ceil(clusterCount(plan) / (size / 8));
  const l2 = [...Array(count).keys()].map((index) => ({ kind: 'l2', index, bytes: new Uint8Array(size) }) as const);
  return [{ kind: 'l1', index: 0, bytes: new Uint8Array(count * 8) }, ...l2];
}

function plainParts(plan: Qcow2Plan): Qcow2Part[] {
  return clustersOf(plan, 'plain').map((index) => ({ kind: 'plain', index, bytes: cluster(plan, index) }));
}

function packUnits(plan: Qcow2Plan): PackedPart[] {
  const order = plan.packedOrder ?? ((indexes) => indexes);
  const indexes = order(clustersOf(plan, 'packed'));
  const parts: PackedPart[] = [];
  for (let from = 0; from < indexes.length; from += PACKED_RUN) {
    const units = new Map<number, { at: number; length: number }>();
    const chunks: Uint8Array[] = [];
    let at = 0;
    for (const index of indexes.slice(from, from + PACKED_RUN)) {
      const packed = pack(plan, index);
      units.set(index, { at, length: packed.length });
      chunks.push(packed);
      at += packed.length;
    }
    parts.push({ part: { kind: 'packed', index: from, bytes: Buffer.concat(chunks) }, units });
  }
  return parts;
}

function pack(plan: Qcow2Plan, index: number): Uint8Array {
  return plan.codec === 'zstd' ? zstdCompressSync(cluster(plan, index)) : deflateRawSync(cluster(plan, index));
}

interface Placed {
  readonly parts: readonly Qcow2Part[];
  readonly units: readonly PackedPart[];
  readonly offsets: ReadonlyMap<Qcow2Part, number>;
}

function fillTables(plan: Qcow2Plan, { parts, units, offsets }: Placed): void {
  const perTable = 2 ** plan.clusterBits / 8;
  const entry = (index: number, word: bigint) => {
    const table = find(parts, 'l2', Math.floor(index / perTable));
    view(table.bytes).setBigUint64((index % perTable) * 8, word);
  };
  const l1 = view(find(parts, 'l1', 0).bytes);
  for (const part of parts) {
    const offset = offsets.get(part) ?? 0;
    if (part.kind === 'l2') l1.setBigUint64(part.index * 8, BigInt(offset));
    if (part.kind === 'plain') entry(part.index, BigInt(offset));
  }
  for (const index of clustersOf(plan, 'zero')) entry(index, 1n);
  for (const { part, units: inPart } of units) {
    for (const [index, { at, length }] of inPart) {
      entry(index, packedWord(plan.clusterBits, (offsets.get(part) ?? 0) + at, length));
    }
  }
}

/** "Compressed Clusters Descriptor": the sectors behind the first that the packed bytes touch. */
export function packedWord(clusterBits: number, offset: number, length: number): bigint {
  const sectors = Math.floor((offset + length - 1) / SECTOR) - Math.floor(offset / SECTOR);
  return (1n << 62n) | (BigInt(sectors) << BigInt(62 - (clusterBits - 8))) | BigInt(offset);
}

function header(plan: Qcow2Plan, l1Offset: number): Uint8Array {
  const bytes = new Uint8Array(V3_HEADER + 8);
  const words = view(bytes);
  const size = 2 ** plan.clusterBits;
  words.setUint32(0, 0x514649fb);
  words.setUint32(4, 3);
  words.setUint32(20, plan.clusterBits);
  words.setBigUint64(24, BigInt(plan.disk.length));
  words.setUint32(36, Math.ceil(clusterCount(plan) / (size / 8)));
  words.setBigUint64(40, BigInt(l1Offset));
  words.setBigUint64(72, plan.codec === 'zstd' ? 8n : 0n);
  words.setUint32(96, 4);
  words.setUint32(100, V3_HEADER);
  words.setUint8(104, plan.codec === 'zstd' ? 1 : 0);
  return bytes;
}

function find(parts: readonly Qcow2Part[], kind: Qcow2Part['kind'], index: number): Qcow2Part {
  const found = parts.find((part) => part.kind === kind && part.index === index);
  if (!found) throw new Error(`no ${kind} ${index}`);
  return found;
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
