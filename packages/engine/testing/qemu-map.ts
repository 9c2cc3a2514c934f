import { expect } from 'vitest';
import { endOf } from '../src/base/bytes.ts';
import type { Extent, Image } from '../src/image/image.ts';
import type { MapEntry } from './qemu-img.ts';

/**
 * Compares our extents with `qemu-img map`. Where qemu-img sees data, so do we, and at the same place in the file; what
 * it does not see stored at all is no data for us. What it sees stored in a hole of the file may be either, and so may
 * data without a place: its VHDX driver tells nothing and calls everything data.
 */
export async function expectQemuMap(image: Image, map: readonly MapEntry[]): Promise<void> {
  for (const entry of map) {
    if (entry.start >= image.size) continue;
    const length = Math.min(entry.length, image.size - entry.start);
    for await (const extent of image.extents({ offset: entry.start, length })) compare(extent, entry);
  }
}

function compare(extent: Extent, entry: MapEntry): void {
  const where = `${extent.offset} to ${endOf(extent)}`;
  if (entry.data !== (entry.offset !== undefined)) return;
  expect(extent.kind === 'data', where).toBe(entry.data);
  if (extent.kind !== 'data' || extent.stored.form !== 'plain') return;
  expect(extent.stored.offset - extent.offset, where).toBe((entry.offset ?? NaN) - entry.start);
}
