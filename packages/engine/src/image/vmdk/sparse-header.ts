import { alignUp, isPowerOfTwo, MiB, SECTOR } from '../../base/align.ts';
import type { Range } from '../../base/bytes.ts';
import { exact, u16le, u32le, u64le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';

/**
 * The header of a hosted sparse extent, also found as the footer of a stream (`SparseExtentHeader`, Virtual Disk Format
 * 5.0, "Hosted Sparse Extents" and "Stream-Optimized Compressed Sparse Extents"). All places and sizes in bytes.
 */
export interface SparseHeader {
  readonly version: number;
  readonly capacity: number;
  readonly grain: number;
  readonly descriptor: Range | undefined;
  /** Undefined: at the end, the footer tells (GD_AT_END). */
  readonly directory: number | undefined;
  readonly redundantDirectory: number | undefined;
  /** Where the first grain may lie. */
  readonly overhead: number;
  readonly unclean: boolean;
  readonly zeroGrains: boolean;
  readonly packed: boolean;
  readonly marked: boolean;
}

export const SPARSE_MAGIC = 0x564d444b;
export const HOSTED_TABLE_ENTRIES = 512;
/** A directory of 8 Mi tables is 32 MiB and 256 TiB of disk at the usual 64 KiB grain. */
export const DIRECTORY_LIMIT = 8 * MiB;
/** What VMware and qemu-img write lies between 4 KiB and 1 MiB; the specification wants more than 8 sectors. */
const GRAIN_SECTORS = { min: 8, max: 2048 };
const AT_END = 0xffff_ffff_ffff_ffffn;
const DEFLATE = 1;

const FLAG = { newlines: 1, redundant: 2, zeroGrains: 4, packed: 1 << 16, marked: 1 << 17 };
/** The upper half are features that a reader must know (open-vmdk, `vmware_vmdk.h`). */
const UNKNOWN_FLAGS = 0xfffc0000;

/**
 * @param sector at least 512 bytes that begin with the magic
 * @param at where they stand in the file
 * @throws DiskferryError `image-damaged`, `image-unsupported`, `image-limit`
 */
export function parseSparseHeader(sector: Uint8Array, at: number): SparseHeader {
  const flags = u32le(sector, 8);
  const has = (bit: number) => (flags & bit) !== 0;
  const place = (field: number, what: string) =>
    exact(u64le(sector, field) * BigInt(SECTOR), `VMDK: ${what}`, at + field);
  const version = checkedVersion(sector, at);
  if (has(UNKNOWN_FLAGS)) throw unsupported(`flags 0x${flags.toString(16)}`, at + 8);
  if (has(FLAG.newlines)) checkNewlines(sector, at);
  const packed = checkedPacking(sector, { flagged: has(FLAG.packed), marked: has(FLAG.marked) }, at);
  const { capacity, grain } = checkedSizes(sector, at);
  const descriptor = { offset: place(28, 'descriptor offset'), length: place(36, 'descriptor size') };
  return {
    version,
    capacity,
    grain,
    descriptor: descriptor.offset > 0 && descriptor.length > 0 ? descriptor : undefined,
    directory: u64le(sector, 56) === AT_END ? undefined : place(56, 'grain directory offset'),
    redundantDirectory: has(FLAG.redundant) ? place(48, 'redundant grain directory offset') : undefined,
    overhead: place(64, 'overhead'),
    unclean: sector[72] !== 0,
    zeroGrains: has(FLAG.zeroGrains),
    packed,
    marked: has(FLAG.marked),
  };
}

function checkedVersion(sector: Uint8Array, at: number): number {
  const version = u32le(sector, 4);
  if (version < 1 || version > 3) throw unsupported(`version ${version} (1 to 3)`, at + 4);
  return version;
}

/** "\n \r\n" comes out changed where a transfer rewrote line ends, and then everything behind it has as well. */
function checkNewlines(sector: Uint8Array, at: number): void {
  if (Buffer.from(sector.subarray(73, 77)).toString('latin1') === '\n \r\n') return;
  throw new DiskferryError('image-damaged', 'VMDK: the line-end bytes are changed: the file was transferred as text', {
    offset: at + 73,
    hint: 'Transfer the image again in binary mode.',
  });
}

function checkedPacking(sector: Uint8Array, flags: { flagged: boolean; marked: boolean }, at: number): boolean {
  const algorithm = u16le(sector, 77);
  if (algorithm > DEFLATE) throw unsupported(`compression ${algorithm} (0 none, 1 deflate)`, at + 77);
  const packed = algorithm === DEFLATE;
  if (packed !== flags.flagged) {
    throw damaged(`compression is ${algorithm}, and the flags say ${flags.flagged ? 'compressed' : 'plain'}`, at + 8);
  }
  if (flags.marked && !packed) throw unsupported('markers around grains that are not compressed', at + 8);
  return packed;
}

/** The table limit comes first: a capacity bomb is one whatever else is wrong with it. */
function checkedSizes(sector: Uint8Array, at: number): { capacity: number; grain: number } {
  const sectors = u64le(sector, 12);
  const grainSectors = u64le(sector, 20);
  if (grainSectors === 0n) throw damaged('grain size is 0', at + 20);
  if (sectors / (grainSectors * BigInt(HOSTED_TABLE_ENTRIES)) >= BigInt(DIRECTORY_LIMIT)) {
    const message = `VMDK: ${sectors} sectors in grains of ${grainSectors} need more than ${DIRECTORY_LIMIT} grain tables`;
    throw new DiskferryError('image-limit', message, { offset: at + 12 });
  }
  const grain = Number(grainSectors);
  if (!isPowerOfTwo(grain) || grain < GRAIN_SECTORS.min || grain > GRAIN_SECTORS.max) {
    const allowed = `a power of two from ${GRAIN_SECTORS.min} to ${GRAIN_SECTORS.max}`;
    throw damaged(`grain size is ${grain} sectors, not ${allowed}`, at + 20);
  }
  const entries = u32le(sector, 44);
  if (entries !== HOSTED_TABLE_ENTRIES) {
    throw unsupported(`${entries} entries in a grain table (${HOSTED_TABLE_ENTRIES})`, at + 44);
  }
  return { capacity: Number(sectors) * SECTOR, grain: grain * SECTOR };
}

/** Bytes of the grain directory, in whole sectors. */
export function directoryBytes(tables: number): number {
  return alignUp(tables * 4, SECTOR);
}

function damaged(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-damaged', `VMDK: ${message}`, { offset });
}

function unsupported(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-unsupported', `VMDK: ${message}`, { offset });
}
