import { isAligned, KiB, MiB } from '../../base/align.ts';
import { exact, u32be, u64be } from '../../base/endian.ts';
import type { Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';

/** The words of a qcow2 header (docs/interop/qcow2.txt of QEMU, "Header"), checked one by one and in themselves. */
export interface Header {
  readonly version: 2 | 3;
  readonly clusterBits: number;
  /** Virtual size as it is written: not always a multiple of a sector. */
  readonly size: number;
  readonly cryptMethod: number;
  readonly l1: Table;
  readonly refcountTable: Range;
  readonly snapshots: { readonly count: number; readonly offset: number };
  /** Where the backing file's name lies; undefined where there is no backing file. */
  readonly backingName: Range | undefined;
  readonly incompatible: bigint;
  readonly compatible: bigint;
  readonly autoclear: bigint;
  readonly compressionType: number;
  readonly headerLength: number;
}

export interface Table {
  readonly offset: number;
  readonly entries: number;
}

export const MAGIC = 0x514649fb;
/** Everything that is read here lies in this many bytes. */
export const HEADER_SIZE = 112;
const V2_LENGTH = 72;
const V3_LENGTH = 104;
/** QEMU's own limits: no program writes more. */
const CLUSTER_BITS = { least: 9, most: 21 };
const L1_LIMIT = 32 * MiB;
const SNAPSHOT_LIMIT = 64 * KiB;

/** @param head the first bytes of the file, HEADER_SIZE or what there is */
export function parseHeader(head: Uint8Array): Header {
  const version = versionOf(head);
  if (head.length < (version === 2 ? V2_LENGTH : V3_LENGTH)) throw cut(head.length);
  const clusterBits = clusterBitsOf(head);
  const headerLength = headerLengthOf(head, version, 2 ** clusterBits);
  const long = version === 3;
  return {
    version,
    clusterBits,
    size: exact(u64be(head, 24), 'virtual size', 24),
    cryptMethod: u32be(head, 32),
    l1: l1Of(head, clusterBits),
    refcountTable: refcountTableOf(head, clusterBits, long),
    snapshots: snapshotsOf(head, clusterBits),
    backingName: backingNameOf(head),
    incompatible: long ? u64be(head, 72) : 0n,
    compatible: long ? u64be(head, 80) : 0n,
    autoclear: long ? u64be(head, 88) : 0n,
    compressionType: headerLength > V3_LENGTH ? compressionTypeOf(head) : 0,
    headerLength,
  };
}

function versionOf(head: Uint8Array): 2 | 3 {
  if (head.length < 8) throw cut(head.length);
  if (u32be(head, 0) !== MAGIC) throw new DiskferryError('image-not-recognised', 'no qcow2 magic', { offset: 0 });
  const version = u32be(head, 4);
  if (version === 2 || version === 3) return version;
  throw new DiskferryError('image-unsupported', `qcow version ${version}; 2 and 3 are read`, { offset: 4 });
}

function clusterBitsOf(head: Uint8Array): number {
  const bits = u32be(head, 20);
  if (bits < CLUSTER_BITS.least) throw damaged(`cluster_bits is ${bits}, less than ${CLUSTER_BITS.least}`, 20);
  if (bits <= CLUSTER_BITS.most) return bits;
  const message = `cluster_bits is ${bits}; clusters of up to 2 MiB (${CLUSTER_BITS.most}) are read`;
  throw new DiskferryError('image-unsupported', message, { offset: 20 });
}

function headerLengthOf(head: Uint8Array, version: 2 | 3, clusterSize: number): number {
  if (version === 2) return V2_LENGTH;
  const length = u32be(head, 100);
  if (length < V3_LENGTH || length > clusterSize || !isAligned(length, 8)) {
    throw damaged(`header_length is ${length}, not a multiple of 8 from ${V3_LENGTH} to ${clusterSize}`, 100);
  }
  return length;
}

function l1Of(head: Uint8Array, clusterBits: number): Table {
  const entries = u32be(head, 36);
  if (entries * 8 > L1_LIMIT) {
    throw new DiskferryError('image-limit', `the L1 table has ${entries} entries, more than ${L1_LIMIT / 8}`, {
      offset: 36,
    });
  }
  return { entries, offset: tableOffset(head, 40, { clusterBits, what: 'l1_table_offset' }) };
}

/** Not needed to read, but a table that is cut off or out of place tells that the file is not whole. */
function refcountTableOf(head: Uint8Array, clusterBits: number, long: boolean): Range {
  const order = long ? u32be(head, 96) : 4;
  if (order > 6) throw damaged(`refcount_order is ${order}, more than 6`, 96);
  const length = u32be(head, 56) * 2 ** clusterBits;
  return { offset: tableOffset(head, 48, { clusterBits, what: 'refcount_table_offset' }), length };
}

function snapshotsOf(head: Uint8Array, clusterBits: number): Header['snapshots'] {
  const count = u32be(head, 60);
  if (count > SNAPSHOT_LIMIT) {
    throw new DiskferryError('image-limit', `nb_snapshots is ${count}, more than ${SNAPSHOT_LIMIT}`, { offset: 60 });
  }
  return { count, offset: count > 0 ? tableOffset(head, 64, { clusterBits, what: 'snapshots_offset' }) : 0 };
}

function tableOffset(head: Uint8Array, at: number, how: { clusterBits: number; what: string }): number {
  const offset = exact(u64be(head, at), how.what, at);
  if (isAligned(offset, 2 ** how.clusterBits)) return offset;
  throw damaged(`${how.what} is ${offset}, not a multiple of the cluster size ${2 ** how.clusterBits}`, at);
}

/** An offset without a length is no backing file: QEMU reads such images, and some programs leave the offset behind. */
function backingNameOf(head: Uint8Array): Range | undefined {
  const offset = u64be(head, 8);
  const length = u32be(head, 16);
  return offset === 0n || length === 0 ? undefined : { offset: exact(offset, 'backing_file_offset', 8), length };
}

function compressionTypeOf(head: Uint8Array): number {
  const type = head[V3_LENGTH];
  if (type === undefined) throw cut(head.length);
  return type;
}

function cut(length: number): DiskferryError {
  return new DiskferryError('image-truncated', `the qcow2 header is cut off after ${length} bytes`, { offset: length });
}

function damaged(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-damaged', message, { offset });
}
