import { execFileSync } from 'node:child_process';
import { open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect, MemoryBytes, streamOf } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { hasTool, toolPath } from '../../../testing/tools.ts';
import { tar } from './tar.ts';

const FORMATS = [
  ['--format=oldgnu'],
  ['--format=gnu'],
  ['--format=pax', '--sparse-version=0.0'],
  ['--format=pax', '--sparse-version=0.1'],
  ['--format=pax', '--sparse-version=1.0'],
  ['--format=ustar'],
  ['--format=v7'],
] as const;

describe.skipIf(!hasTool('tar'))('archives of GNU tar [needs tar]', () => {
  it.each(FORMATS.map((format) => ({ format, as: format.join(' ') })))(
    'read with their holes: $as',
    async ({ format }) => {
      const folder = await tempFolder();
      const disk = new Uint8Array(3_000_001);
      disk.set(seededBytes(1, 70_000), 0);
      disk.set(seededBytes(2, 70_000), 1_500_000);
      disk.set(Uint8Array.of(9), 3_000_000);
      await writeSparse(join(folder, 'disk.raw'), disk);
      await writeFile(join(folder, 'notes.txt'), 'hello');
      const sparse = format[0] === '--format=ustar' || format[0] === '--format=v7' ? [] : ['-S'];
      const args = [...format, ...sparse, '-cf', '-', 'disk.raw', 'notes.txt'];
      const archive = new Uint8Array(execFileSync(toolPath('tar') ?? 'tar', args, { cwd: folder, maxBuffer: 2 ** 24 }));
      if (sparse.length > 0) expect(archive.length).toBeLessThan(1_000_000);
      const members = await tar.list(new MemoryBytes(archive));
      expect(members.map(({ name, size }) => [name, size])).toEqual([
        ['disk.raw', 3_000_001],
        ['notes.txt', 5],
      ]);
      expect(Buffer.compare(await collect((await members[0]?.stream()) ?? streamOf(archive)), disk)).toBe(0);
      for await (const { name, content } of tar.pass?.(streamOf(archive, [5000])) ?? []) {
        const expected = name === 'disk.raw' ? disk : Buffer.from('hello');
        expect(Buffer.compare(await collect(content), expected)).toBe(0);
      }
    },
  );
});

async function writeSparse(path: string, content: Uint8Array): Promise<void> {
  await writeFile(path, '');
  await truncate(path, content.length);
  const file = await open(path, 'r+');
  for (const [at, length] of [
    [0, 70_000],
    [1_500_000, 70_000],
    [3_000_000, 1],
  ] as const) {
    await file.write(content, at, length, at);
  }
  await file.close();
}
