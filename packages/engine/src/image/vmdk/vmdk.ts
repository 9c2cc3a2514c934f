import type { ImageFormat } from '../image.ts';
import { kindOf } from './kind.ts';

/**
 * VMDK: sparse and stream-optimized disks in one file, and disks of several files under a text descriptor. Spec: VMware,
 * "Virtual Disk Format 5.0". Space-efficient (seSparse) disks, raw device mappings and snapshot deltas are refused.
 */
export const vmdk: ImageFormat = {
  name: 'vmdk',
  probe: ({ head }) => kindOf(head) !== undefined,
  open: async (file, around, signal) => (await import('./open-vmdk.ts')).openVmdk(file, around, signal),
  scan: async (stream, how) => (await import('./open-vmdk.ts')).scanVmdk(stream, how),
};
