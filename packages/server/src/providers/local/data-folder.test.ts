import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTarget } from '@diskferry/engine';
import { describe, expect, it } from 'vitest';
import { MACHINE, MiB, openLocal, PLACE } from '../../../testing/local-cloud.ts';
import { localFolder } from '../../../testing/local-scene.ts';
import type { LocalProvider } from './local-provider.ts';

const CHURN = join(import.meta.dirname, '../../../testing/local-churn.ts');
const WANTED = { name: 'a volume', ...PLACE, size: 2 * MiB };

describe('the data folder', () => {
  it('refuses a second service, and is free again when the first was killed', async () => {
    const folder = await localFolder();
    const first = spawn(process.execPath, [CHURN, folder, '1'], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(first.stdout, 'data');
    await expect(openLocal(folder)).rejects.toMatchObject({ code: 'folder-busy' });
    first.stdout.resume();
    first.kill('SIGKILL');
    await once(first, 'close');
    await using _second = await openLocal(folder);
    await expect(openLocal(folder)).rejects.toMatchObject({ code: 'folder-busy' });
  });

  it('keeps disks and records from other users of the machine', async () => {
    const { folder, id } = await withVolume();
    const modes = [folderOf(folder), diskOf(folder, id), recordOf(folder, id)].map(
      async (path) => (await stat(path)).mode,
    );
    expect((await Promise.all(modes)).map((mode) => mode & 0o077)).toEqual([0, 0, 0]);
  });

  it('makes sparse disks, however large', async () => {
    await using provider = await openLocal(await localFolder());
    const { id } = await provider.createVolume({ ...WANTED, size: 2 ** 40 }, { key: 'large' });
    await using target = await provider.openVolume(id, {});
    expect(target).toMatchObject({ size: 2 ** 40, traits: { startsZeroed: true } });
  });

  it('never takes a name for a path', async () => {
    await using provider = await openLocal(await localFolder());
    const volume = await provider.createVolume({ ...WANTED, name: '../../../etc/passwd' }, { key: '../../x' });
    expect(volume).toMatchObject({ name: '../../../etc/passwd', id: expect.stringMatching(/^v-[0-9a-f]{16}$/) });
  });

  it('takes away what a kill left, and leaves alone what is not its own', async () => {
    const { folder, id } = await withVolume();
    const stray = join(folderOf(folder), 'v-00000000000000aa.raw');
    const unfinished = `${recordOf(folder, id)}.new`;
    const foreign = join(folderOf(folder), 'backup-of-mine.raw');
    for (const path of [stray, unfinished, foreign]) await writeFile(path, 'x');
    await using _provider = await openLocal(folder);
    expect(await Promise.all([stray, unfinished, foreign].map(isThere))).toEqual([false, false, true]);
  });

  it('cuts a disk that was not grown to the end, so that its new end reads as zeros', async () => {
    const { folder, id } = await withVolume();
    await writeFile(diskOf(folder, id), Buffer.alloc(3 * MiB, 7));
    await using provider = await openLocal(folder);
    await provider.growVolume(id, { key: 'grow', size: 3 * MiB });
    const content = await readFile(diskOf(folder, id));
    expect(content.subarray(0, 2 * MiB).every((byte) => byte === 7)).toBe(true);
    expect(content.subarray(2 * MiB).every((byte) => byte === 0)).toBe(true);
  });

  it.each([
    ['gone', (path: string) => rm(path)],
    ['cut short', (path: string) => truncate(path, MiB)],
  ])('says that a disk is %s, refuses to use it, and lets it be deleted', async (_what, damage) => {
    const { folder, id } = await withVolume();
    await damage(diskOf(folder, id));
    await using provider = await openLocal(folder);
    expect(await provider.getVolume(id)).toMatchObject({ unusable: expect.stringContaining('its disk') });
    const damaged = { code: 'volume-damaged' };
    await expect(provider.openVolume(id, {})).rejects.toMatchObject(damaged);
    await expect(provider.growVolume(id, { key: 'grow', size: 4 * MiB })).rejects.toMatchObject(damaged);
    await provider.deleteVolume(id, { key: 'delete' });
    expect(await provider.listVolumes()).toEqual([]);
  });

  it.each([
    ['no JSON', '{"version":1,'],
    ['of a version to come', '{"version":2}'],
    ['of another volume', '{"version":1,"id":"v-0000000000000000"}'],
  ])('refuses a record that is %s, and names the file', async (_what, text) => {
    const { folder, id } = await withVolume();
    await writeFile(recordOf(folder, id), text);
    const damaged = { code: 'folder-damaged', message: expect.stringContaining(`${id}.json`) };
    await expect(openLocal(folder)).rejects.toMatchObject(damaged);
    // Nothing was cleared away in the meantime, and the folder is not locked for good.
    expect(await isThere(diskOf(folder, id))).toBe(true);
    await expect(openLocal(folder)).rejects.toMatchObject(damaged);
  });

  it('refuses a record without what it needs', async () => {
    const { folder, id } = await withVolume();
    const record = JSON.parse(await readFile(recordOf(folder, id), 'utf8')) as object;
    await writeFile(recordOf(folder, id), JSON.stringify({ ...record, size: '2 MiB', zone: undefined }));
    const damaged = { code: 'folder-damaged', message: expect.stringContaining('without zone, size') };
    await expect(openLocal(folder)).rejects.toMatchObject(damaged);
  });

  it('refuses a guest whose launch could stand for any process', async () => {
    const { folder, instance } = await withInstance();
    const path = join(folder, 'instances', `${instance}.json`);
    const record = JSON.parse(await readFile(path, 'utf8')) as object;
    await writeFile(path, JSON.stringify({ ...record, guest: { launch: '' } }));
    await expect(openLocal(folder)).rejects.toMatchObject({ code: 'folder-damaged' });
  });

  it('goes on by itself when it can be written again', async () => {
    const folder = await localFolder();
    await using provider = await openLocal(folder);
    const { id } = await provider.createVolume(WANTED, { key: 'first' });
    await rename(folderOf(folder), `${folderOf(folder)}-away`);
    const failed = { code: 'storage-failed', retry: 'later' };
    await expect(provider.createVolume(WANTED, { key: 'second' })).rejects.toMatchObject(failed);
    const holding = provider.hold({ kind: 'volume', id }, { holder: 'm-1', why: 'it is written' });
    await expect(holding).rejects.toMatchObject(failed);
    await rename(`${folderOf(folder)}-away`, folderOf(folder));
    await provider.createVolume(WANTED, { key: 'second' });
    expect(await provider.getVolume(id)).not.toHaveProperty('heldBy');
    expect(await provider.listVolumes()).toHaveLength(2);
  });

  it('takes away by itself what an operation left that could not be brought to its end', async () => {
    const folder = await localFolder();
    await using provider = await openLocal(folder);
    const wanted = { name: 'a server', ...PLACE, ...MACHINE, systemSize: MiB };
    const instances = join(folder, 'instances');
    await rename(instances, `${instances}-away`);
    await expect(provider.createInstance(wanted, { key: 'server' })).rejects.toMatchObject({ code: 'storage-failed' });
    await rename(`${instances}-away`, instances);
    const { systemVolume } = await provider.createInstance(wanted, { key: 'server' });
    expect((await provider.listVolumes()).map(({ id }) => id)).toEqual([systemVolume]);
  });

  it('refuses a disk that another program writes, and other programs one that it has open', async () => {
    const { folder, id } = await withVolume();
    await using provider = await openLocal(folder);
    {
      await using _copy = await openTarget(diskOf(folder, id));
      await expect(provider.openVolume(id, {})).rejects.toMatchObject({ code: 'volume-in-use' });
    }
    await using _target = await provider.openVolume(id, {});
    await expect(openTarget(diskOf(folder, id))).rejects.toMatchObject({ code: 'target-in-use' });
  });

  it('never takes a process for a guest because of its pid and start time, and leaves it alone', async () => {
    const { folder, instance } = await withInstance();
    const startTime = (await readFile('/proc/self/stat', 'utf8')).split(') ')[1]?.split(' ')[19];
    const path = join(folder, 'instances', `${instance}.json`);
    const record = JSON.parse(await readFile(path, 'utf8')) as object;
    const guest = {
      launch: `${instance}.b6a7f6e2-0000-4000-8000-000000000000`,
      process: { pid: process.pid, startTime },
    };
    await writeFile(path, JSON.stringify({ ...record, guest }));
    await using provider = await openLocal(folder);
    expect(await provider.getInstance(instance)).toMatchObject({ state: 'stopped' });
    await provider.stopInstance(instance, { key: 'stop', graceMs: 0 });
    expect(JSON.parse(await readFile(path, 'utf8'))).not.toHaveProperty('guest');
  });
});

function folderOf(folder: string): string {
  return join(folder, 'volumes');
}

function diskOf(folder: string, id: string): string {
  return join(folderOf(folder), `${id}.raw`);
}

function recordOf(folder: string, id: string): string {
  return join(folderOf(folder), `${id}.json`);
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** A folder with one thing in it, and no service. */
async function withVolume(): Promise<{ folder: string; id: string }> {
  return await closed(async (provider) => (await provider.createVolume(WANTED, { key: 'made' })).id);
}

async function withInstance(): Promise<{ folder: string; instance: string }> {
  const wanted = { name: 'a server', ...PLACE, ...MACHINE, systemSize: MiB };
  const { folder, id } = await closed(async (provider) => (await provider.createInstance(wanted, { key: 'made' })).id);
  return { folder, instance: id };
}

async function closed(work: (provider: LocalProvider) => Promise<string>): Promise<{ folder: string; id: string }> {
  const folder = await localFolder();
  await using provider = await openLocal(folder);
  return { folder, id: await work(provider) };
}
