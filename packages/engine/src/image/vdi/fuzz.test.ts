import { expect, it } from 'vitest';
import { fuzzFormat } from '../../../testing/fuzz.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { vdiImage } from '../../../testing/vdi-image.ts';
import { vdi } from './vdi.ts';

const BLOCK = 4096;
const content = seededBytes(3, BLOCK);
const seeds = [
  vdiImage({ size: 5 * BLOCK, blockSize: BLOCK, blocks: [content, 'free', content, 'zeroed', content] }),
  vdiImage({ size: 300 * BLOCK, blockSize: BLOCK, blocks: Array.from({ length: 300 }, () => 'free' as const) }),
];

it('VDI under mutation is read or refused', async () => {
  const report = await fuzzFormat(vdi, seeds, { seed: 1, milliseconds: 1500, comparePasses: true });
  expect(report.cases).toBeGreaterThan(10);
});
