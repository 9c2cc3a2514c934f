import { execFileSync } from 'node:child_process';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fuzzGuest } from '../../../testing/guest-fuzz.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool, toolPath } from '../../../testing/tools.ts';
import { endOf } from '../../base/bytes.ts';
import { MiB } from '../../base/align.ts';
import { readPartitionTable } from './read-table.ts';

const SCRIPTS = [
  'label: gpt\nstart=1MiB, size=1MiB, type=U\nstart=2MiB, size=1MiB, type=L',
  'label: dos\nstart=64KiB, size=3MiB, type=5\nstart=128KiB, size=1MiB, type=83\nstart=2MiB, size=1MiB, type=83',
];

it.skipIf(!hasTool('sfdisk'))('partition tables under mutation [needs sfdisk]', async () => {
  const folder = await tempFolder();
  const seeds = SCRIPTS.map((script, index) => {
    const path = join(folder, `${index}`);
    writeFileSync(path, '');
    truncateSync(path, 4 * MiB);
    execFileSync(toolPath('sfdisk') ?? 'sfdisk', ['-q', path], { input: script });
    return new Uint8Array(readFileSync(path));
  });
  const report = await fuzzGuest(
    'partition tables',
    seeds,
    async (disk) => {
      const table = await readPartitionTable(disk);
      for (const partition of table.partitions) {
        const { offset, length } = partition;
        if (!(offset >= 0 && length >= 0 && endOf(partition) <= disk.size)) throw new Error(`${offset}+${length}`);
      }
      if (table.partitions.length > 300 || table.warnings.length > 1000) throw new Error('not bounded');
    },
    { seed: 1, milliseconds: 1500 },
  );
  expect(report.cases).toBeGreaterThan(20);
});
