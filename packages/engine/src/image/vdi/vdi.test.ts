import { describe } from 'vitest';
import { hasTool } from '../../../testing/tools.ts';
import { qemuConformance } from '../../../testing/qemu-case.ts';
import { tempFolder } from '../../../testing/temp.ts';
import type { DiskContent } from '../../../testing/disk-content.ts';
import { vdi } from './vdi.ts';

const MiB = 1 << 20;
const SIZES: readonly [number, DiskContent][] = [
  [512, 'random'],
  [MiB + 512, 'mix'],
  [3 * MiB, 'random'],
  [9 * MiB + 3584, 'mix'],
  [5 * MiB, 'empty'],
];

describe.skipIf(!hasTool('qemu-img'))('VDI by qemu-img [needs qemu-img]', () => {
  const folder = tempFolder();
  for (const options of [['static=off'], ['static=on']]) {
    for (const [size, content] of SIZES) {
      qemuConformance({ format: vdi, qemuFormat: 'vdi', options, content, size, folder: () => folder });
    }
  }
});
