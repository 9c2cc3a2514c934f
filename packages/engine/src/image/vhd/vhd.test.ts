import { describe, expect, it } from 'vitest';
import { counted } from '../../../testing/counted.ts';
import { imageConformance, surroundings } from '../../../testing/image-conformance.ts';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { dynamicVhd } from '../../../testing/vhd-image.ts';
import { hasTool } from '../../../testing/tools.ts';
import { qemuConformance } from '../../../testing/qemu-case.ts';
import { tempFolder } from '../../../testing/temp.ts';
import type { DiskContent } from '../../../testing/disk-content.ts';
import { vhd } from './vhd.ts';

const MiB = 1 << 20;
const CASES: readonly [size: number, content: DiskContent, forced: 'on' | 'off'][] = [
  [512, 'random', 'on'],
  [512, 'random', 'off'],
  [MiB + 512, 'random', 'on'],
  [MiB + 512, 'random', 'off'],
  [2 * MiB + 512, 'mix', 'on'],
  [9 * MiB + 3584, 'mix', 'on'],
  [33 * MiB + 3584, 'mix', 'off'],
  [5 * MiB, 'empty', 'on'],
];

describe.skipIf(!hasTool('qemu-img'))('VHD by qemu-img [needs qemu-img]', () => {
  const folder = tempFolder();
  for (const subformat of ['dynamic', 'fixed']) {
    for (const [size, content, forced] of CASES) {
      const options = [`subformat=${subformat}`, `force_size=${forced}`];
      qemuConformance({ format: vhd, qemuFormat: 'vpc', options, content, size, folder: () => folder });
    }
  }
});

const content = seededBytes(3, 3 * 4096);
imageConformance('a dynamic VHD with its blocks in another order', async () => ({
  format: vhd,
  file: new MemoryBytes(
    dynamicVhd({
      size: 4 * 4096 - 512,
      blockSize: 4096,
      blocks: [content.subarray(0, 4096), content.subarray(4096, 8192), undefined, content.subarray(8192)],
      table: (table) => void table.set(table.subarray(0, 16).swap32().toReversed()),
    }),
  ),
  disk: Buffer.concat([
    content.subarray(8192),
    Buffer.alloc(4096),
    content.subarray(4096, 8192),
    content.subarray(0, 3584),
  ]),
}));

it('an empty VHD of 2040 GiB is mapped at once, in few reads', async () => {
  const size = 2040 * 1024 * MiB;
  const file = counted(new MemoryBytes(dynamicVhd({ size, blockSize: 2 * MiB, blocks: [] })));
  const begun = performance.now();
  const image = await vhd.open(file, surroundings());
  for await (const extent of image.extents({ offset: 0, length: size })) {
    expect(extent).toEqual({ kind: 'hole', offset: 0, length: size });
  }
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(file.reads).toBeLessThan(10);
});
