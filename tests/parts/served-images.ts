import { gzipSync } from 'node:zlib';
import { streamVmdk } from '../../packages/engine/testing/vmdk-image.ts';
import { sampleDisk } from './sample-disk.ts';

export const SERVED_SIZE = 16 * 1024 * 1024;
export const SERVED_DISK = sampleDisk(21, SERVED_SIZE);

/** One disk in three forms that need no tool: read by ranges, in one pass, and by ranges with packed grains. */
export const SERVED_IMAGES: Readonly<Record<string, Uint8Array>> = {
  'disk.raw': SERVED_DISK,
  'disk.raw.gz': gzipSync(SERVED_DISK, { level: 1 }),
  'disk.vmdk': streamVmdk(SERVED_DISK, { grain: 128 }).bytes,
};
