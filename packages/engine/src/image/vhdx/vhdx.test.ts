import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { counted } from '../../../testing/counted.ts';
import { fileBytes } from '../../../testing/file-bytes.ts';
import { surroundings } from '../../../testing/image-conformance.ts';
import type { DiskContent } from '../../../testing/disk-content.ts';
import { qemuConformance } from '../../../testing/qemu-case.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool, run } from '../../../testing/tools.ts';
import { crc32c } from './crc32c.ts';
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
      expect(extent).toEqual({ kind: 'hole', offset: 0, length });
    }
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(file.reads).toBeLessThan(10);
  });
});
