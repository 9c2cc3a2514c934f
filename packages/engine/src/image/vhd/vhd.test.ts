import { describe } from 'vitest';
import { hasTool } from '../../../testing/tools.ts';
import { qemuConformance } from '../../../testing/qemu-case.ts';
import { tempFolder } from '../../../testing/temp.ts';
import type { DiskContent } from '../../../testing/disk-content.ts';
import { vhd } from './vhd.ts';

const MiB = 1 << 20;
const SIZES: readonly [number, DiskContent][] = [
  [512, 'random'],
  [MiB + 512, 'random'],
  [2 * MiB + 512, 'mix'],
  [33 * MiB + 3584, 'mix'],
  [5 * MiB, 'empty'],
  [4 * MiB, 'text'],
];

describe.skipIf(!hasTool('qemu-img'))('VHD by qemu-img [needs qemu-img]', () => {
  const folder = tempFolder();
  for (const subformat of ['dynamic', 'fixed']) {
    for (const forced of ['force_size=on', 'force_size=off']) {
      for (const [size, content] of SIZES) {
        const options = [`subformat=${subformat}`, forced];
        qemuConformance({ format: vhd, qemuFormat: 'vpc', options, content, size, folder: () => folder });
      }
    }
  }
});
