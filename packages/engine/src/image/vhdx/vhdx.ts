import type { ImageFormat } from '../image.ts';
import { hasIdentifier } from './header.ts';

/**
 * VHDX version 2 (MS-VHDX, revision 20180912): fixed and dynamic disks. A log that was left behind is replayed in memory.
 * Differencing disks are refused.
 */
export const vhdx: ImageFormat = {
  name: 'vhdx',
  probe: ({ head }) => hasIdentifier(head),
  open: async (file, _around, signal) => (await import('./open-vhdx.ts')).openVhdx(file, signal),
  scan: async (stream, how) => (await import('./open-vhdx.ts')).scanVhdx(stream, how),
};
