import { endOf, overlap, type Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';

/**
 * How a sparse extent finds its grains, whatever its header looks like: directory → tables → grains. Places and sizes
 * in bytes; the words of directory and tables are 32-bit sector numbers.
 */
export interface SparseLayout {
  readonly capacity: number;
  readonly grain: number;
  /** Entries of a grain table: 512 in hosted extents, 4096 in those of ESX. */
  readonly tableEntries: number;
  readonly directory: number;
  /** Metadata that no table and no grain may lie on. */
  readonly taken: readonly Range[];
  /** Entry 1 means a grain of zeros. */
  readonly zeroGrains: boolean;
  /** `marked`: 12 bytes of address and size stand before each packed grain. */
  readonly packing: 'plain' | 'marked' | 'bare';
}

/** Address (u64 sector of the disk) and size (u32 bytes) before a packed grain. */
export const GRAIN_MARKER_BYTES = 12;

/** Bytes of the disk under one grain table. */
export function tableSpan(layout: SparseLayout): number {
  return layout.grain * layout.tableEntries;
}

export function tableCount(layout: SparseLayout): number {
  return Math.ceil(layout.capacity / tableSpan(layout));
}

/** Why nothing can lie at `range`: `image-damaged` on metadata, `image-truncated` behind the file; undefined where it can. */
export function faultOf(
  range: Range,
  what: string,
  within: { readonly layout: SparseLayout; readonly fileSize: number },
): DiskferryError | undefined {
  const taken = within.layout.taken.find((metadata) => overlap(metadata, range));
  if (taken) {
    const message = `VMDK: ${what} at ${range.offset} lies on the metadata at ${taken.offset}`;
    return new DiskferryError('image-damaged', message, { offset: range.offset });
  }
  const end = endOf(range);
  if (end <= within.fileSize) return undefined;
  const message = `VMDK: ${what} at ${range.offset} ends at ${end}, the file at ${within.fileSize}`;
  return new DiskferryError('image-truncated', message, { offset: range.offset });
}
