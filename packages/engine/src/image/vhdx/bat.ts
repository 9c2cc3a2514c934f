import { MiB } from '../../base/align.ts';
import { endOf, overlap, type Bytes, type Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { HOLE, usedLength, ZERO, type BlockMap } from '../block-map.ts';
import { TablePages } from '../table-pages.ts';
import type { Metadata } from './metadata.ts';

/** The block allocation table: 64-bit entries of a state and an offset in MiB (MS-VHDX 2.5). */
const ENTRY_SIZE = 8;
/** Behind each chunk of payload blocks stands the entry of its sector bitmap, which only a differencing disk uses. */
const SECTORS_IN_A_CHUNK = 2 ** 23;

/** MS-VHDX 2.5.1.1. */
const NOT_PRESENT = 0;
const UNDEFINED = 1;
const ZERO_BLOCK = 2;
const UNMAPPED = 3;
const FULLY_PRESENT = 6;
const PARTIALLY_PRESENT = 7;

export interface BatPlace {
  readonly region: Range;
  /** Where no block may lie. */
  readonly taken: readonly Range[];
}

/** @throws DiskferryError `image-damaged` where the region is too small for the disk */
export function batMap(file: Bytes, { region, taken }: BatPlace, metadata: Metadata): BlockMap {
  const { diskSize, blockSize, sectorSize } = metadata;
  const chunkRatio = (SECTORS_IN_A_CHUNK * sectorSize) / blockSize;
  const entryAt = (block: number): number => (block + Math.floor(block / chunkRatio)) * ENTRY_SIZE;
  const length = entryAt(Math.ceil(diskSize / blockSize) - 1) + ENTRY_SIZE;
  if (length > region.length) {
    const message = `the VHDX block table needs ${length} bytes, its region has ${region.length}`;
    throw new DiskferryError('image-damaged', message, { offset: region.offset });
  }
  return {
    diskSize,
    blockSize,
    table: new TablePages(file, { offset: region.offset, length }),
    entrySize: ENTRY_SIZE,
    entryAt,
    blockAt: (entry) => Math.ceil(entry / ENTRY_SIZE) - Math.floor(Math.ceil(entry / ENTRY_SIZE) / (chunkRatio + 1)),
    place(page, at, block) {
      const low = page.getUint32(at, true);
      const state = low & 7;
      if (state === NOT_PRESENT || state === UNDEFINED || state === UNMAPPED) return HOLE;
      if (state === ZERO_BLOCK) return ZERO;
      const entry = region.offset + entryAt(block);
      if (state !== FULLY_PRESENT || (low & 0x000f_fff8) !== 0) throw badEntry({ state, block, entry });
      const offset = (page.getUint32(at + 4, true) * 0x1000 + (low >>> 20)) * MiB;
      checkStored({ offset, length: usedLength(metadata, block) }, { fileSize: file.size, taken, block, entry });
      return offset;
    },
  };
}

function badEntry({ state, block, entry }: { state: number; block: number; entry: number }): DiskferryError {
  const what =
    state === PARTIALLY_PRESENT
      ? 'is only partly present, although the disk has no parent'
      : `has an entry with reserved bits or the reserved state ${state}`;
  return new DiskferryError('image-damaged', `block ${block} of the VHDX ${what}`, { offset: entry });
}

function checkStored(
  stored: Range,
  at: { fileSize: number; taken: readonly Range[]; block: number; entry: number },
): void {
  if (endOf(stored) > at.fileSize) {
    const message = `block ${at.block} is stored up to ${endOf(stored)}, the file ends at ${at.fileSize}`;
    throw new DiskferryError('image-truncated', message, { offset: at.entry });
  }
  if (!at.taken.some((range) => overlap(range, stored))) return;
  const message = `block ${at.block} is stored at ${stored.offset}, over the headers, the log or a region`;
  throw new DiskferryError('image-damaged', message, { offset: at.entry });
}
