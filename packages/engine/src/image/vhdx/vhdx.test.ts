import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { vhdxImage } from '../../../testing/vhdx-image.ts';
import { counted } from '../../../testing/counted.ts';
import { fileBytes } from '../../../testing/file-bytes.ts';
import { imageConformance, surroundings } from '../../../testing/image-conformance.ts';
import type { DiskContent } from '../../../testing/disk-content.ts';
import { qemuConformance } from '../../../testing/qemu-case.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool, run } from '../../../testing/tools.ts';
import { crc32c } from '../../base/crc32c.ts';
import { vhdx } from './vhdx.ts';

describe('crc32c()', () => {
  it('is the Castagnoli checksum', () => {
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  });
});

const MiB = 1 << 20;
const CASES: readonly [size: number, content: DiskContent, blockSize: string][] = [
  [512, 'random', '1M'],
  [MiB + 512, 'mix', '1M'],
  [9 * MiB + 3584, 'mix', '1M'],
  [17 * MiB + 512, 'mix', '8M'],
  [5 * MiB, 'empty', '16M'],
];

const blocks = [3, 4, 5].map((seed) => seededBytes(seed, MiB));
imageConformance('a VHDX of 4096-byte sectors with its blocks in another order', async () => ({
  format: vhdx,
  file: new MemoryBytes(
    vhdxImage({
      size: 4 * MiB - 4096,
      sectorSize: 4096,
      blocks: [...blocks.slice(1), 3, ...blocks.slice(0, 1)],
      table: (table) => void table.set(table.subarray(0, 32).swap64().toReversed()),
    }),
  ),
  disk: Buffer.concat([...blocks.slice(0, 1), Buffer.alloc(MiB), ...blocks.slice(1).toReversed()]).subarray(
    0,
    4 * MiB - 4096,
  ),
}));

describe.skipIf(!hasTool('qemu-img'))('VHDX by qemu-img [needs qemu-img]', () => {
  const folder = tempFolder();
  for (const subformat of ['dynamic', 'fixed']) {
    for (const [size, content, blockSize] of CASES) {
      const options = [`subformat=${subformat}`, `block_size=${blockSize}`];
      qemuConformance({ format: vhdx, qemuFormat: 'vhdx', options, content, size, folder: () => folder });
    }
  }

  it('maps an empty disk of 8 TiB at once, in few reads', async () => {
    const path = join(await folder, 'empty.vhdx');
    await run('qemu-img', ['create', '-q', '-f', 'vhdx', path, '8T']);
    await using disk = await fileBytes(path);
    const file = counted(disk);
    const begun = performance.now();
    const image = await vhdx.open(file, surroundings());
    const length = 2 ** 43;
    for await (const extent of image.extents({ offset: 0, length })) {
      expect(extent).toEqual({ kind: 'zero', offset: 0, length });
    }
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(file.reads).toBeLessThan(10);
  });
});
