import { isPowerOfTwo, SECTOR } from '../../base/align.ts';
import { u32le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';
import { directoryBytes, DIRECTORY_LIMIT } from './sparse-header.ts';
import { tableCount, type SparseLayout } from './sparse-layout.ts';

/**
 * The header of a sparse extent of ESX (`COWDisk_Header`, Virtual Disk Format 5.0, "ESXi Host Sparse Extents"). It never
 * stands alone: a descriptor of type `vmfsSparse` says what it is part of.
 */
export interface CowdHeader {
  readonly layout: SparseLayout;
  readonly usesRedundant: false;
  readonly unclean: boolean;
}

export const COWD_MAGIC = 0x44574f43;
export const COWD_HEADER_BYTES = 2048;
const TABLE_ENTRIES = 4096;
/** The default grain is one sector. */
const GRAIN_LIMIT = 2048;
const FLAG = { root: 1, inconsistent: 4 };

/**
 * @param header COWD_HEADER_BYTES that begin with the magic
 * @throws DiskferryError `image-damaged`, `image-unsupported`, `image-parent`, `image-limit`
 */
export function parseCowdHeader(header: Uint8Array): CowdHeader {
  const version = u32le(header, 4);
  if (version !== 1) {
    throw new DiskferryError('image-unsupported', `VMDK: COWD version ${version} (1)`, { offset: 4 });
  }
  const flags = u32le(header, 8);
  if ((flags & FLAG.root) === 0) {
    const message = 'the VMDK is a snapshot delta: its sparse extent is not marked as a root';
    throw new DiskferryError('image-parent', message, { offset: 8 });
  }
  const directory = u32le(header, 20) * SECTOR;
  const layout: SparseLayout = {
    capacity: u32le(header, 12) * SECTOR,
    grain: checkedGrain(header),
    tableEntries: TABLE_ENTRIES,
    directory,
    taken: [
      { offset: 0, length: COWD_HEADER_BYTES },
      { offset: directory, length: directoryBytes(u32le(header, 24)) },
    ],
    zeroGrains: false,
    packing: 'plain',
  };
  checkDirectory(header, layout);
  return { layout, usesRedundant: false, unclean: u32le(header, 1648) !== 0 || (flags & FLAG.inconsistent) !== 0 };
}

function checkedGrain(header: Uint8Array): number {
  const sectors = u32le(header, 16);
  if (isPowerOfTwo(sectors) && sectors <= GRAIN_LIMIT) return sectors * SECTOR;
  throw damaged(`grain size is ${sectors} sectors, not a power of two up to ${GRAIN_LIMIT}`, 16);
}

function checkDirectory(header: Uint8Array, layout: SparseLayout): void {
  const entries = u32le(header, 24);
  if (entries > DIRECTORY_LIMIT) {
    throw new DiskferryError('image-limit', `VMDK: ${entries} grain tables (${DIRECTORY_LIMIT})`, { offset: 24 });
  }
  const needed = tableCount(layout);
  if (entries < needed) throw damaged(`${entries} grain tables where the capacity needs ${needed}`, 24);
  if (layout.directory < COWD_HEADER_BYTES) throw damaged('the grain directory lies on the header', 20);
}

function damaged(message: string, offset: number): DiskferryError {
  return new DiskferryError('image-damaged', `VMDK: COWD: ${message}`, { offset });
}
