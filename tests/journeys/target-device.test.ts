import { copyFile, open, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { hasLoopDevices, loopDevice } from '../../packages/engine/testing/loop-device.ts';
import { seededBytes } from '../../packages/engine/testing/seeded.ts';
import { tempFolder } from '../../packages/engine/testing/temp.ts';
import { hasTool, run } from '../../packages/engine/testing/tools.ts';
import { QCOW2 } from '../parts/catalogue.ts';
import { expectBehind } from '../parts/behind.ts';
import { begin, diskferry, reportOf } from '../parts/command.ts';
import { fails, failureOf } from '../parts/failure.ts';
import { besiege } from '../parts/kills.ts';
import { expectSameBytes } from '../parts/same-bytes.ts';
import { SAMPLE_SIZE, sampleDisk } from '../parts/sample-disk.ts';

const MiB = 1024 * 1024;
const SEED = Number(process.env['DISKFERRY_SEED'] ?? Math.floor(Math.random() * 1e6));
const KILLS = Math.ceil(Number(process.env['DISKFERRY_KILLS'] ?? 50) / 2.5);

describe.skipIf(!hasTool('losetup') || !hasTool('qemu-img'))('a block device [needs losetup, qemu-img]', async () => {
  const folder = await tempFolder();
  const canLoop = await hasLoopDevices(folder);
  const at = (name: string): string => join(folder, name);
  const oracle = at('disk.raw');
  const source = at(QCOW2.name);

  beforeAll(async () => {
    await writeFile(oracle, sampleDisk(11));
    await QCOW2.make(folder);
  });

  /** A device of this size that is full of old data. */
  async function usedDevice(name: string, size: number) {
    await writeFile(at(name), seededBytes(55, size));
    return loopDevice(at(name));
  }

  it.skipIf(!canLoop)(
    'is overwritten only with --yes, every hole of the disk too, and what lies behind its end as the report says',
    async () => {
      await using device = await usedDevice('used', SAMPLE_SIZE + 5 * MiB);
      const copy = ['copy', source, device.path, '--state', at('used.state')];
      const error = await fails(copy, 4);
      expect(error).toMatchObject({ code: 'target-occupied', hint: expect.stringContaining('--yes') });
      const finished = await diskferry([...copy, '--yes', '--json']);
      expect(reportOf(finished).overwritten).toContain('data of an unknown kind');
      await expectBehind(at('used'), SAMPLE_SIZE, reportOf(finished).behind);
      await truncate(at('used'), SAMPLE_SIZE);
      await expectSameBytes(at('used'), oracle);
      await expect(readFile(at('used.state'))).rejects.toMatchObject({ code: 'ENOENT' });
    },
  );

  it.skipIf(!canLoop || !hasTool('mke2fs'))(
    'is announced with the file system that is on it [needs mke2fs]',
    async () => {
      await writeFile(at('ext4'), '');
      await truncate(at('ext4'), 80 * MiB);
      await run('mke2fs', ['-q', '-t', 'ext4', '-L', 'precious', at('ext4')]);
      await using device = await loopDevice(at('ext4'));
      const error = await fails(['copy', source, device.path, '--state', at('ext4.state')], 4);
      expect(error.message).toMatch(/ext4/);
      expect(error.message).toContain('80.0 MiB');
    },
  );

  it.skipIf(!canLoop)('is announced with the partition table that is on it', async () => {
    await writeFile(at('mbr'), sampleDisk(12, 80 * MiB));
    await using device = await loopDevice(at('mbr'));
    const error = await fails(['copy', source, device.path, '--state', at('mbr.state')], 4);
    expect(error.message).toContain('MBR partition table with 1 partition');
  });

  it.skipIf(!canLoop)('that is too small is refused before anything is written', async () => {
    await using device = await usedDevice('small', SAMPLE_SIZE - MiB);
    await copyFile(at('small'), at('small.before'));
    const error = await fails(['copy', source, device.path, '--yes', '--state', at('small.state')], 4);
    expect(error.code).toBe('target-too-small');
    expect(error.message).toContain(String(SAMPLE_SIZE - MiB));
    await expectSameBytes(at('small'), at('small.before'));
  });

  it.skipIf(!canLoop)('that another program claims is refused, and so is the second of two copies', async () => {
    await using device = await usedDevice('busy', 80 * MiB);
    const copy = ['copy', source, device.path, '--yes', '--json'];
    const first = begin([...copy, '--state', at('busy.1'), '--bandwidth', '4M']);
    await untilThere(at('busy.1'));
    const second = await diskferry([...copy, '--state', at('busy.2')]);
    expect(failureOf({ ...second, stderr: lastLine(second.stderr) }, 4).code).toBe('target-in-use');
    first.kill('SIGINT');
    expect((await first.finished).code).toBe(130);
  });

  it.skipIf(!canLoop)('that is no device is never made as a file in /dev', async () => {
    expect((await fails(['copy', source, '/dev/diskferry-none', '--create'], 4)).code).toBe('target-not-found');
  });

  it.skipIf(!canLoop)(
    `full of old data ends with equal bytes after many kills, seed ${SEED}`,
    async () => {
      await using device = await usedDevice('siege', SAMPLE_SIZE + 2 * MiB);
      await copyFile(at('siege'), at('old'));
      const outcome = await besiege({
        title: 'a block device',
        seed: SEED,
        kills: KILLS,
        source,
        target: device.path,
        medium: at('siege'),
        state: at('siege.state'),
        oracle,
        flags: ['--yes', '--bandwidth', '24M', '--commit-every', '2M'],
        renew: () => overwrite(device.path, at('old')),
      });
      console.log(`block device: ${outcome.kills} kills, ${outcome.completed} completed, ${outcome.resumed} went on`);
      if (KILLS >= 20) expect(outcome.resumed).toBeGreaterThan(0);
    },
    300_000,
  );

  it.skipIf(!canLoop)('whose checkpoint is of another device is refused', async () => {
    await using device = await usedDevice('one', 80 * MiB);
    const running = begin(['copy', source, device.path, '--yes', '--state', at('state'), '--bandwidth', '4M']);
    await untilThere(at('state'));
    running.kill('SIGKILL');
    await running.finished;
    await rename(at('one'), at('one.away'));
    await using other = await usedDevice('two', 80 * MiB);
    const error = await fails(['copy', source, other.path, '--yes', '--state', at('state')], 4);
    expect(error.code).toBe('checkpoint-foreign');
  });
});

async function overwrite(device: string, from: string): Promise<void> {
  await using file = await open(device, 'r+');
  await file.write(await readFile(from), 0, undefined, 0);
  await file.datasync();
}

async function untilThere(path: string): Promise<void> {
  for (const until = Date.now() + 10_000; Date.now() < until; await sleep(20)) {
    if ((await readFile(path, 'latin1').catch(() => '')).includes('\n')) return;
  }
  throw new Error(`${path} did not appear`);
}

function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
