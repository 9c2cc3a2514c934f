import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { qemuMap } from '../../packages/engine/testing/qemu-img.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { hasTool, run } from '../../packages/engine/testing/tools.ts';
import { diskferry, reportOf } from '../parts/command.ts';
import { fails } from '../parts/failure.ts';
import { sha256Of } from '../parts/same-bytes.ts';
import { sampleDisk } from '../parts/sample-disk.ts';

const SIZE = 24 * 1024 * 1024;

describe.skipIf(!hasTool('qemu-img'))('what the command reports [needs qemu-img]', async () => {
  const folder = await tempFolder();
  const at = (name: string): string => join(folder, name);
  const raw = at('disk.raw');

  beforeAll(async () => {
    await writeFile(raw, sampleDisk(6, SIZE));
    await run('qemu-img', ['convert', '-O', 'qcow2', '-c', raw, at('disk.qcow2')]);
    await run('qemu-img', ['convert', '-O', 'vmdk', raw, at('disk.vmdk')]);
    await run('qemu-img', ['convert', '-O', 'vpc', '-o', 'force_size=on', raw, at('disk.vhd')]);
  });

  it('copy: one JSON object as the last line, with every field, and nothing on standard error', async () => {
    const finished = await diskferry(['copy', at('disk.qcow2'), at('landed'), '--create', '--json', '--sha256']);
    expect(finished.stderr).toBe('');
    expect(finished.stdout.endsWith('\n')).toBe(true);
    const report = reportOf(finished);
    const { length: fileSize } = await readFile(at('disk.qcow2'));
    expect(report).toMatchObject({
      format: 'qcow2',
      layers: [{ kind: 'image', name: 'qcow2', subformat: 'v3' }],
      fileSize,
      virtualSize: SIZE,
      bytesRead: expect.any(Number),
      bytesWritten: expect.any(Number),
      bytesZeroed: 0,
      resumedBytes: 0,
      digest: expect.stringMatching(/^[0-9a-f]{64}$/),
      sha256: await sha256Of(raw),
      seconds: expect.any(Number),
    });
    expect(report.bytesRead).toBeGreaterThan(0);
    expect(report.bytesWritten).toBeLessThan(SIZE);
    expect(report.seconds).toBeGreaterThan(0);
  });

  it('copy: no sha256 where none was asked for, and the same digest for every format', async () => {
    const digests = new Set<string>();
    for (const name of ['disk.raw', 'disk.vmdk', 'disk.vhd']) {
      const report = reportOf(await diskferry(['copy', at(name), at(`${name}.landed`), '--create', '--json']));
      expect(report).not.toHaveProperty('sha256');
      digests.add(report.digest);
    }
    expect(digests.size).toBe(1);
  });

  it('copy without --json: what is done, in words, and its progress apart from that', async () => {
    const finished = await diskferry(['copy', at('disk.qcow2'), at('words'), '--create']);
    expect(finished.code).toBe(0);
    expect(finished.stdout).toContain('24.0 MiB');
    expect(finished.stdout).toMatch(/digest [0-9a-f]{64}/);
    expect(finished.stderr).toContain('qcow2');
    const quiet = await diskferry(['copy', at('disk.qcow2'), at('quiet'), '--create', '--quiet']);
    expect(quiet.stderr).toBe('');
  });

  it('inspect: layers, format, sizes, features and warnings', async () => {
    const report = JSON.parse((await diskferry(['inspect', at('disk.qcow2'), '--json'])).stdout) as object;
    expect(report).toMatchObject({
      source: at('disk.qcow2'),
      layers: [{ kind: 'image', name: 'qcow2' }],
      format: 'qcow2',
      subformat: 'v3',
      virtualSize: SIZE,
      clusterSize: 65536,
      allocated: expect.any(Number),
      features: expect.any(Array),
      warnings: [],
      reading: 'by ranges',
    });
    const words = (await diskferry(['inspect', at('disk.vhd')])).stdout;
    expect(words).toContain('dynamic');
    expect(words).toContain(`${SIZE} bytes`);
  });

  for (const [name, format] of [
    ['disk.qcow2', 'qcow2'],
    ['disk.vmdk', 'vmdk'],
    ['disk.vhd', 'vpc'],
  ] as const) {
    it(`map: of ${name} the data that qemu-img map finds`, async () => {
      const rows = JSON.parse((await diskferry(['map', at(name), '--json'])).stdout) as Row[];
      expect(rows.reduce((end, row) => (row.offset === end ? end + row.length : Number.NaN), 0)).toBe(SIZE);
      const theirs = await qemuMap(at(name), format);
      const data = theirs.filter((entry) => entry.data).reduce((total, entry) => total + entry.length, 0);
      expect(rows.filter(({ kind }) => kind === 'data').reduce((total, row) => total + row.length, 0)).toBe(data);
    });
  }

  it('verify: equal is 0 with the digest, different is 1 with the place', async () => {
    await writeFile(at('copy.raw'), sampleDisk(6, SIZE));
    const equal = await diskferry(['verify', at('disk.qcow2'), at('copy.raw'), '--json']);
    expect(equal.code).toBe(0);
    expect(JSON.parse(equal.stdout)).toMatchObject({ equal: true, virtualSize: SIZE });
    const disk = sampleDisk(6, SIZE);
    const place = Math.floor(SIZE * 0.55) + 20_000;
    disk[place] = (disk[place] ?? 0) ^ 1;
    disk[place + 5_000_000] = (disk[place + 5_000_000] ?? 0) ^ 1;
    await writeFile(at('copy.raw'), disk);
    const error = await fails(['verify', at('disk.qcow2'), at('copy.raw')], 1);
    expect(error).toMatchObject({ code: 'copy-differs', offset: place });
    expect(error.message).toContain(String(place));
  });

  it('verify: a target that is smaller than the disk, and one that is larger', async () => {
    await writeFile(at('copy.raw'), sampleDisk(6, SIZE));
    await truncate(at('copy.raw'), SIZE + 1024 * 1024);
    expect((await diskferry(['verify', at('disk.vmdk'), at('copy.raw'), '--json'])).code).toBe(0);
    await truncate(at('copy.raw'), SIZE - 512);
    expect((await fails(['verify', at('disk.vmdk'), at('copy.raw')], 4)).code).toBe('target-too-small');
  });
});

interface Row {
  readonly offset: number;
  readonly length: number;
  readonly kind: 'data' | 'zero' | 'hole';
}
