import { describe, expect, it } from 'vitest';
import type { DiskContent } from '../../../testing/disk-content.ts';
import { qemuConformance } from '../../../testing/qemu-case.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool } from '../../../testing/tools.ts';
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
  [23 * MiB + 3584, 'mix', '1M'],
  [33 * MiB + 3584, 'mix', '8M'],
  [5 * MiB, 'empty', '16M'],
  [17 * MiB + 512, 'random', '16M'],
];

describe.skipIf(!hasTool('qemu-img'))('VHDX by qemu-img [needs qemu-img]', () => {
  const folder = tempFolder();
  for (const subformat of ['dynamic', 'fixed']) {
    for (const [size, content, blockSize] of CASES) {
      const options = [`subformat=${subformat}`, `block_size=${blockSize}`];
      qemuConformance({ format: vhdx, qemuFormat: 'vhdx', options, content, size, folder: () => folder });
    }
  }
});
