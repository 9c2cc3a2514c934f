import { describe, expect, it } from 'vitest';
import { diskContent } from '../../../testing/disk-content.ts';
import { fuzzFormat } from '../../../testing/fuzz.ts';
import { cowdExtent, descriptorText, sparseVmdk, streamVmdk } from '../../../testing/vmdk-image.ts';
import { KiB } from '../../base/align.ts';
import { vmdk } from './vmdk.ts';

describe('VMDK under mutation', () => {
  const disk = diskContent('mix', 300 * KiB);
  const seeds = [
    sparseVmdk(disk).bytes,
    sparseVmdk(disk, { grain: 128, flags: 7, version: 2 }).bytes,
    streamVmdk(disk).bytes,
    streamVmdk(disk, { grain: 128, wholeLastGrain: false }).bytes,
    streamVmdk(diskContent('text', 100 * KiB), { padding: 1024 }).bytes,
    cowdExtent(diskContent('text', 20 * KiB)).bytes,
    new TextEncoder().encode(descriptorText({ createType: 'custom', extents: ['RW 8 ZERO', 'RW 600 ZERO'] })),
  ];

  it('gives the disk or a refusal, and the same disk in both ways of reading', async () => {
    const report = await fuzzFormat(vmdk, seeds, { seed: 20, milliseconds: 2000, comparePasses: true });
    expect(report.cases).toBeGreaterThan(50);
    expect(report.accepted).toBeGreaterThan(0);
  });
});
