import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { startNbdkit, type NbdkitSetup } from '../../packages/engine/testing/nbdkit.ts';
import { seededBytes } from '../../packages/engine/testing/seeded.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { hasTool, run } from '../../packages/engine/testing/tools.ts';
import { QCOW2, RAW_GZ } from '../parts/catalogue.ts';
import { expectBehind } from '../parts/behind.ts';
import { begin, diskferry, reportOf } from '../parts/command.ts';
import { fails } from '../parts/failure.ts';
import { expectSameBytes } from '../parts/same-bytes.ts';
import { SAMPLE_SIZE, sampleDisk } from '../parts/sample-disk.ts';

const MiB = 1024 * 1024;
const hasAll = ['nbdkit', 'qemu-img', 'gzip'].every(hasTool);

describe.skipIf(!hasAll)('an NBD export as the target [needs nbdkit, qemu-img, gzip]', async () => {
  const folder = await tempFolder();
  const at = (name: string): string => join(folder, name);
  const oracle = at('disk.raw');

  beforeAll(async () => {
    await writeFile(oracle, sampleDisk(13));
    await QCOW2.make(folder);
    await RAW_GZ.make(folder);
  });

  for (const [title, setup] of [
    ['over TCP', { plugin: ['memory', '80M'], port: true, exportName: 'disk' }],
    ['over a socket', { plugin: ['memory', '80M'] }],
    [
      'over a socket, without fast zeroing',
      { plugin: ['memory', '80M'], parameters: ['fastzeromode=none'], filters: ['nozero'] },
    ],
    [
      'whose blocks are 4096 bytes',
      {
        plugin: ['memory', '80M'],
        filters: ['blocksize-policy'],
        parameters: [
          'blocksize-minimum=4096',
          'blocksize-preferred=4096',
          'blocksize-maximum=1M',
          'blocksize-error-policy=error',
        ],
      },
    ],
  ] as readonly (readonly [string, NbdkitSetup])[]) {
    for (const source of [QCOW2, RAW_GZ]) {
      it(`${title} that is blank takes ${source.title} and reads back the same`, async () => {
        await using server = await startNbdkit(setup);
        const copy = ['copy', at(source.name), server.address, '--json', '--sha256', '--verify', 'full'];
        const report = reportOf(await diskferry([...copy, '--state', at('state')]));
        expect(report.bytesWritten).toBeLessThan(SAMPLE_SIZE);
        await run('qemu-img', ['convert', '-f', 'raw', '-O', 'raw', '-S', '0', server.address, at('back.raw')]);
        await expectSameBytes(at('back.raw'), oracle, { zerosBehind: true });
      });
    }
  }

  for (const [title, setup, behind] of [
    ['that zeroes fast', {}, 'zero'],
    ['that only writes zeros', { filters: ['nozero'] }, 'edges-zero'],
  ] as const) {
    it(`full of old data ${title} needs --yes, and ends as ${behind} behind the disk`, async () => {
      await writeFile(at('old'), seededBytes(77, SAMPLE_SIZE + 7 * MiB));
      await using server = await startNbdkit({ plugin: ['memory', '80M'], ...setup });
      await run('qemu-img', ['convert', '-n', '-f', 'raw', '-O', 'raw', at('old'), server.address]);
      const copy = ['copy', at(QCOW2.name), server.address, '--state', at('state')];
      expect((await fails(copy, 4)).code).toBe('target-occupied');
      const finished = await diskferry([...copy, '--yes', '--json']);
      expect(reportOf(finished).overwritten).toContain('data of an unknown kind');
      expect(reportOf(finished).behind).toBe(behind);
      await run('qemu-img', ['convert', '-f', 'raw', '-O', 'raw', server.address, at('back.raw')]);
      await expectBehind(at('back.raw'), SAMPLE_SIZE, behind);
      await truncate(at('back.raw'), SAMPLE_SIZE);
      await expectSameBytes(at('back.raw'), oracle);
    });
  }

  it('goes on after its client was killed', async () => {
    await writeFile(at('medium'), seededBytes(78, SAMPLE_SIZE));
    await using server = await startNbdkit({ plugin: ['file', at('medium')] });
    const copy = ['copy', at(QCOW2.name), server.address, '--yes', '--json', '--state', at('kill.state')];
    const running = begin([...copy, '--bandwidth', '8M', '--commit-every', '2M']);
    while (((await readFile(at('kill.state'), 'latin1').catch(() => '')).match(/\n/g)?.length ?? 0) < 3) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    running.kill('SIGKILL');
    expect((await running.finished).signal).toBe('SIGKILL');
    expect(reportOf(await diskferry(copy)).resumedBytes).toBeGreaterThan(0);
    await expectSameBytes(at('medium'), oracle);
  });

  it('that dies in the middle is an error that can be tried again', async () => {
    await using server = await startNbdkit({
      plugin: ['memory', '80M'],
      filters: ['delay'],
      parameters: ['wdelay=200ms'],
    });
    const running = begin(['copy', at(QCOW2.name), server.address, '--json', '--state', at('dead.state')]);
    setTimeout(() => process.kill(server.pid, 'SIGKILL'), 1200);
    const finished = await running.finished;
    expect(finished.code).toBe(1);
    expect(JSON.parse(finished.stderr)).toMatchObject({ error: { code: 'target-unreachable', retry: 'now' } });
  });

  it('is not made with --create, and one that is too small is refused', async () => {
    await using server = await startNbdkit({ plugin: ['memory', '32M'] });
    const copy = ['copy', at(QCOW2.name), server.address, '--state', at('state')];
    expect((await fails([...copy, '--create'], 2)).code).toBe('usage');
    expect((await fails(copy, 4)).code).toBe('target-too-small');
  });
});
