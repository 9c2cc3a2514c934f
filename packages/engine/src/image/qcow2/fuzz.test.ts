import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { diskContent } from '../../../testing/disk-content.ts';
import { fuzzFormat } from '../../../testing/fuzz.ts';
import { makeImage } from '../../../testing/qemu-img.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool, run } from '../../../testing/tools.ts';
import { KiB } from '../../base/align.ts';
import { qcow2 } from './qcow2.ts';

/** Small images with all kinds of tables: most of their bytes are structure. */
const SEEDS = [
  { options: ['cluster_size=512'], size: 40 * KiB },
  { options: ['cluster_size=512', 'compat=0.10'], size: 100 * KiB, compressed: true },
  { options: ['cluster_size=4k'], size: 60 * KiB, compressed: true },
  { options: ['cluster_size=16k', 'extended_l2=on', 'compression_type=zstd'], size: 200 * KiB, compressed: true },
  { options: ['cluster_size=16k', 'extended_l2=on'], size: 50 * KiB },
];

describe.skipIf(!hasTool('qemu-img'))('qcow2 under mutation [needs qemu-img]', async () => {
  const folder = await tempFolder();

  it('refuses or reads every mutant, and reads it in one pass as at random', async () => {
    const seeds: Uint8Array[] = [];
    for (const { size, ...made } of SEEDS) {
      const name = `seed-${seeds.length}.qcow2`;
      const path = await makeImage(diskContent('mix', size), { folder, name, format: 'qcow2', ...made });
      await run('qemu-img', ['snapshot', '-c', 'one', path]);
      await run('qemu-io', ['-f', 'qcow2', '-c', 'write -P 1 3k 9k', '-c', 'write -z 16k 8k', path]);
      seeds.push(await readFile(path));
    }
    const report = await fuzzFormat(qcow2, seeds, { seed: 20260101, milliseconds: 2000, comparePasses: true });
    expect(report.accepted).toBeGreaterThan(10);
    expect(report.cases - report.accepted).toBeGreaterThan(10);
  });
});
