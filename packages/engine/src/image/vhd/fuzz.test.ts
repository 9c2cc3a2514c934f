import { describe, expect, it } from 'vitest';
import { fuzzFormat } from '../../../testing/fuzz.ts';
import { resealed } from '../../../testing/resealed.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { dynamicVhd, fixedVhd, seal, type VhdParts } from '../../../testing/vhd-image.ts';
import { raw } from '../raw/raw.ts';
import { vhd } from './vhd.ts';

const BLOCK = 2048;
const content = seededBytes(3, BLOCK);
const parts: VhdParts = { size: 9 * BLOCK, blockSize: BLOCK, blocks: [content, undefined, content, content] };
const seeds = [dynamicVhd(parts), dynamicVhd({ ...parts, creator: 'vbox' }), fixedVhd(seededBytes(4, 6144))];

function sealVhd(file: Buffer): void {
  for (const at of [0, file.length - 512]) {
    if (at >= 0 && file.length >= at + 512 && file.subarray(at, at + 8).equals(Buffer.from('conectix'))) {
      seal(file.subarray(at, at + 512), 64);
    }
  }
  if (file.length >= 1536) seal(file.subarray(512, 1536), 36);
}

describe('VHD under mutation', () => {
  it('is read or refused', async () => {
    const report = await fuzzFormat(vhd, seeds, { seed: 1, milliseconds: 500, comparePasses: true });
    expect(report.cases).toBeGreaterThan(10);
  });

  it('is read or refused behind its checksums', async () => {
    const report = await fuzzFormat(resealed(vhd, sealVhd), seeds, {
      seed: 2,
      milliseconds: 1500,
      comparePasses: true,
    });
    expect(report.cases).toBeGreaterThan(10);
  });

  it('is read or refused as raw', async () => {
    const report = await fuzzFormat(raw, seeds, { seed: 3, milliseconds: 300 });
    expect(report.cases).toBeGreaterThan(10);
  });
});
