import { SECTOR } from '../../base/align.ts';
import { DiskferryError } from '../../base/errors.ts';
import { storedLength } from '../fetch-plan.ts';
import type { Extent } from '../image.ts';
import { refuseOverlap, type L1Table } from './l1-table.ts';
import type { Layout } from './layout.ts';

/** What a stored range is checked against. */
export interface Bounds {
  readonly layout: Layout;
  readonly l1: L1Table;
  readonly fileSize: number;
  /** The L2 table that is being read, for messages. */
  readonly tableOffset: number;
}

/**
 * The extent, if all its bytes lie in the file and nothing else does there. A packed range counts whole sectors: where
 * the file ends inside the last one, only padding is missing and the range is made shorter.
 * @throws DiskferryError `image-truncated`, `image-damaged`
 */
export function checkedExtent(extent: Extent, bounds: Bounds): Extent {
  if (extent.kind !== 'data') return extent;
  const { offset } = extent.stored;
  const stored = { offset, length: storedLength(extent) };
  refuseOverlap(stored, bounds.l1, bounds.layout, bounds.tableOffset);
  const missing = offset + stored.length - bounds.fileSize;
  if (missing <= 0) return extent;
  if (extent.stored.form === 'packed' && missing < SECTOR && missing < stored.length) {
    return { ...extent, stored: { ...extent.stored, length: stored.length - missing } };
  }
  const message = `the disk at ${extent.offset} is stored up to ${offset + stored.length}, the file ends at ${bounds.fileSize}`;
  throw new DiskferryError('image-truncated', message, { offset });
}
