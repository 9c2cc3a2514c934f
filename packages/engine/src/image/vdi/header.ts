import { GiB, isAligned, isPowerOfTwo, KiB, MiB, SECTOR } from '../../base/align.ts';
import { endOf, readBytes, type Bytes, type Range } from '../../base/bytes.ts';
import { exact, u32le, u64le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { isZero } from '../../base/zero.ts';

/**
 * The header of a VirtualBox disk image, version 1.1. There is no published specification: the authority is
 * VirtualBox's own VDICore.h, and qemu's block/vdi.c where it is stricter. All words are little-endian.
 */
export const HEADER_SIZE = 512;
const SIGNATURE = 0xbeda_107f;
const SIGNATURE_AT = 64;
const FIELD = {
  version: 68,
  type: 76,
  mapOffset: 340,
  dataOffset: 344,
  sectorSize: 360,
  diskSize: 368,
  blockSize: 376,
  blockExtra: 380,
  blocks: 384,
  link: 424,
  parent: 440,
};
const UUID_SIZE = 16;
const VERSION_1_1 = 0x0001_0001;

export const MAP_ENTRY_SIZE = 4;
/** 2 GiB of map. */
const BLOCK_LIMIT = 2 ** 29;
/** qemu's own limit is about 1 PiB (2^30 blocks of 1 MiB); no disk that can be written comes near. */
const DISK_LIMIT = 512 * 1024 * GiB;
const BLOCK_SIZES = { from: 4 * KiB, to: 256 * MiB };

export interface Header {
  readonly subformat: 'dynamic' | 'static';
  readonly diskSize: number;
  readonly blockSize: number;
  /** The block map. */
  readonly table: Range;
  /** Where block 0 of the file begins. */
  readonly dataOffset: number;
}

export function hasSignature(head: Uint8Array): boolean {
  return head.length >= SIGNATURE_AT + 4 && u32le(head, SIGNATURE_AT) === SIGNATURE;
}

/** @throws DiskferryError `image-*` */
export async function readHeader(file: Bytes, signal?: AbortSignal): Promise<Header> {
  const head = await readBytes(file, { offset: 0, length: Math.min(HEADER_SIZE, file.size) }, signal);
  if (!hasSignature(head)) {
    throw new DiskferryError('image-not-recognised', 'no VDI signature at 64', { offset: SIGNATURE_AT });
  }
  if (head.length < HEADER_SIZE) {
    throw new DiskferryError('image-truncated', `the VDI ends within its header, at ${head.length}`, {
      offset: head.length,
    });
  }
  const subformat = checkKind(head);
  checkFields(head);
  const diskSize = sizeOf(head);
  const blocks = u32le(head, FIELD.blocks);
  const { table, dataOffset } = checkLayout(head, { blocks, fileSize: file.size });
  return { subformat, diskSize, blockSize: u32le(head, FIELD.blockSize), table, dataOffset };
}

function checkKind(head: Uint8Array): Header['subformat'] {
  const version = u32le(head, FIELD.version);
  if (version !== VERSION_1_1) {
    const found = `${version >>> 16}.${version & 0xffff}`;
    throw new DiskferryError('image-unsupported', `VDI version ${found}; 1.1 is supported`, { offset: FIELD.version });
  }
  const type = u32le(head, FIELD.type);
  if (type === 3 || type === 4) throw withParent(`VDI type ${type}, an undo or differencing image`, FIELD.type);
  for (const at of [FIELD.link, FIELD.parent]) {
    if (!isZero(head.subarray(at, at + UUID_SIZE))) throw withParent('a VDI that names a parent', at);
  }
  if (type === 1) return 'dynamic';
  if (type === 2) return 'static';
  throw new DiskferryError('image-unsupported', `VDI type ${type}; dynamic (1) and static (2) are supported`, {
    offset: FIELD.type,
  });
}

function withParent(what: string, offset: number): DiskferryError {
  return new DiskferryError('image-parent', `${what}, holds only what differs from its parent disk`, { offset });
}

function checkFields(head: Uint8Array): void {
  const sectorSize = u32le(head, FIELD.sectorSize);
  if (sectorSize !== SECTOR) {
    throw new DiskferryError('image-unsupported', `VDI with sectors of ${sectorSize} bytes; ${SECTOR} are supported`, {
      offset: FIELD.sectorSize,
    });
  }
  const extra = u32le(head, FIELD.blockExtra);
  if (extra !== 0) {
    throw new DiskferryError('image-unsupported', `VDI with ${extra} extra bytes in front of each block`, {
      offset: FIELD.blockExtra,
    });
  }
  const blockSize = u32le(head, FIELD.blockSize);
  if (!isPowerOfTwo(blockSize) || blockSize < BLOCK_SIZES.from || blockSize > BLOCK_SIZES.to) {
    const allowed = `powers of two from ${BLOCK_SIZES.from} to ${BLOCK_SIZES.to} are allowed`;
    throw new DiskferryError('image-damaged', `the VDI block size is ${blockSize}; ${allowed}`, {
      offset: FIELD.blockSize,
    });
  }
  const blocks = u32le(head, FIELD.blocks);
  if (blocks > BLOCK_LIMIT) {
    throw new DiskferryError('image-limit', `the VDI map has ${blocks} blocks; up to ${BLOCK_LIMIT} are allowed`, {
      offset: FIELD.blocks,
    });
  }
}

/** A size that is no whole sector is rounded up, as qemu does: the block that holds the end is whole in any case. */
function sizeOf(head: Uint8Array): number {
  const stated = exact(u64le(head, FIELD.diskSize), 'the size of the VDI', FIELD.diskSize);
  const size = stated + ((SECTOR - (stated % SECTOR)) % SECTOR);
  const held = u32le(head, FIELD.blocks) * u32le(head, FIELD.blockSize);
  if (stated === 0 || size > held) {
    const message = `the VDI says that its disk has ${stated} bytes, its blocks hold ${held}`;
    throw new DiskferryError('image-damaged', message, { offset: FIELD.diskSize });
  }
  if (size > DISK_LIMIT) {
    throw new DiskferryError('image-limit', `the VDI has ${size} bytes; up to ${DISK_LIMIT} are allowed`, {
      offset: FIELD.diskSize,
    });
  }
  return size;
}

function checkLayout(
  head: Uint8Array,
  { blocks, fileSize }: { blocks: number; fileSize: number },
): { table: Range; dataOffset: number } {
  const table = { offset: u32le(head, FIELD.mapOffset), length: blocks * MAP_ENTRY_SIZE };
  const dataOffset = u32le(head, FIELD.dataOffset);
  if (table.offset < HEADER_SIZE || !isAligned(table.offset, SECTOR)) {
    throw new DiskferryError('image-damaged', `the VDI block map lies at ${table.offset}`, { offset: FIELD.mapOffset });
  }
  if (dataOffset < endOf(table) || !isAligned(dataOffset, SECTOR)) {
    const message = `the VDI data begins at ${dataOffset}, the block map ends at ${endOf(table)}`;
    throw new DiskferryError('image-damaged', message, { offset: FIELD.dataOffset });
  }
  if (endOf(table) > fileSize) {
    const message = `the VDI block map reaches ${endOf(table)}, the file ends at ${fileSize}`;
    throw new DiskferryError('image-truncated', message, { offset: table.offset });
  }
  return { table, dataOffset };
}
