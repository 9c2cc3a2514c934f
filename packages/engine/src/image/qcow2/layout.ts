import { alignUp, SECTOR } from '../../base/align.ts';
import { endOf, type Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import type { Codec } from '../image.ts';
import type { Header } from './header.ts';
import { has, INCOMPATIBLE } from './refusals.ts';

/** The measures that follow from a header. All in bytes but where the name says otherwise. */
export interface Layout {
  readonly version: 2 | 3;
  readonly clusterSize: number;
  readonly clusterBits: number;
  /** Entries of 16 bytes, with a state for each 32nd of a cluster ("Extended L2 Entries"). */
  readonly extended: boolean;
  readonly entrySize: 8 | 16;
  readonly entriesPerTable: number;
  /** How much of the disk one L2 table describes. */
  readonly tableSpan: number;
  readonly diskSize: number;
  readonly codec: Codec;
  /** The part of the L1 table that describes the disk: what is behind it belongs to the machine state of snapshots. */
  readonly l1: Range;
}

export function layoutOf(header: Header): Layout {
  const clusterSize = 2 ** header.clusterBits;
  const extended = has(header, INCOMPATIBLE.extendedL2);
  const entrySize = extended ? 16 : 8;
  const entriesPerTable = clusterSize / entrySize;
  const tableSpan = entriesPerTable * clusterSize;
  const diskSize = diskSizeOf(header);
  const needed = Math.ceil(diskSize / tableSpan);
  if (header.l1.entries < needed) {
    const message = `the L1 table has ${header.l1.entries} entries; a disk of ${diskSize} bytes needs ${needed}`;
    throw new DiskferryError('image-damaged', message, { offset: 36 });
  }
  return {
    version: header.version,
    clusterSize,
    clusterBits: header.clusterBits,
    extended,
    entrySize,
    entriesPerTable,
    tableSpan,
    diskSize,
    codec: header.compressionType === 1 ? 'zstd' : 'deflate',
    l1: { offset: header.l1.offset, length: needed * 8 },
  };
}

/** A disk consists of sectors: an odd size is rounded up, so that no byte that is stored is lost. */
function diskSizeOf({ size }: Header): number {
  const rounded = alignUp(size, SECTOR);
  if (Number.isSafeInteger(rounded)) return rounded;
  throw new DiskferryError('image-damaged', `virtual size is ${size}, more than 8 PiB`, { offset: 24 });
}

/**
 * The tables that the header names must begin inside the file.
 * @throws DiskferryError `image-truncated`; `image-damaged` where the L1 table lies over the header
 */
export function checkTables(header: Header, layout: Layout, fileSize: number): void {
  if (layout.l1.length > 0 && layout.l1.offset < layout.clusterSize) {
    throw new DiskferryError('image-damaged', `the L1 table is at ${layout.l1.offset}, over the header`, {
      offset: 40,
    });
  }
  const ends = [
    { what: 'the L1 table', end: endOf(layout.l1), at: layout.l1.offset },
    { what: 'the refcount table', end: header.refcountTable.offset, at: header.refcountTable.offset },
    { what: 'the snapshot table', end: header.snapshots.offset, at: header.snapshots.offset },
  ];
  for (const { what, end, at } of ends) {
    if (end <= fileSize) continue;
    const message = `${what} reaches ${end}, the file ends at ${fileSize}`;
    throw new DiskferryError('image-truncated', message, { offset: at });
  }
}
