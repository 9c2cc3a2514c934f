import { describe } from 'vitest';
import { hasTool } from '../../../testing/tools.ts';
import { qemuConformance } from '../../../testing/qemu-case.ts';
import { imageConformance } from '../../../testing/image-conformance.ts';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { vdiImage } from '../../../testing/vdi-image.ts';
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

const content = seededBytes(3, 3 * 4096);
imageConformance('a VDI of blocks of 4 KiB in another order', async () => ({
  format: vdi,
  file: new MemoryBytes(
    vdiImage({
      size: 5 * 4096 - 512,
      blockSize: 4096,
      blocks: [content.subarray(0, 4096), content.subarray(4096, 8192), 'free', 'zeroed', content.subarray(8192)],
      map: (map) => void map.set(map.subarray(0, 20).swap32().toReversed()),
    }),
  ),
  disk: Buffer.concat([
    content.subarray(8192),
    Buffer.alloc(8192),
    content.subarray(4096, 8192),
    content.subarray(0, 3584),
  ]),
}));

describe.skipIf(!hasTool('qemu-img'))('VDI by qemu-img [needs qemu-img]', () => {
  const folder = tempFolder();
  for (const options of [['static=off'], ['static=on']]) {
    for (const [size, content] of SIZES) {
      qemuConformance({ format: vdi, qemuFormat: 'vdi', options, content, size, folder: () => folder });
    }
  }
});
