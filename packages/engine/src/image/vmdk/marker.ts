import { exact, u32le, u64le } from '../../base/endian.ts';
import { DiskferryError } from '../../base/errors.ts';

/**
 * What stands at the head of everything in a stream (Virtual Disk Format 5.0, "Markers"): a grain marker is followed at
 * once by its data; every other marker takes a sector and is followed by `sectors` sectors. The technote does not know
 * `progress`, which VMware's export service sends where nothing but zeros was found for a while (open-vmdk,
 * `vmware_vmdk.h`: GRAIN_MARKER_PROGRESS); it says nothing about the disk. Only the first 16 bytes of a marker count:
 * that service leaves older bytes behind them.
 */
export type Marker =
  | { readonly kind: 'grain'; readonly lba: number; readonly size: number }
  | { readonly kind: 'end' | 'table' | 'directory' | 'footer' | 'progress'; readonly sectors: number };

const KINDS = ['end', 'table', 'directory', 'footer', 'progress'] as const;

/**
 * @param bytes at least 16
 * @param at where they stand
 * @throws DiskferryError `image-damaged`
 */
export function markerOf(bytes: Uint8Array, at: number): Marker {
  const value = exact(u64le(bytes, 0), 'VMDK: marker value', at);
  const size = u32le(bytes, 8);
  if (size > 0) return { kind: 'grain', lba: value, size };
  const type = u32le(bytes, 12);
  const kind = KINDS[type];
  if (kind) return { kind, sectors: value };
  const message = `VMDK: a marker of type ${type} (0 to ${KINDS.length - 1})`;
  throw new DiskferryError('image-damaged', message, { offset: at + 12 });
}
