import { mkdtemp, open, readdir, readFile, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aDevice, DEVICE_SIZE, HAS_DEVICES } from '../../../testing/local-devices.ts';
import { MACHINE, MiB, openLocal, PLACE } from '../../../testing/local-cloud.ts';
import { localFolder, localScene, QEMU } from '../../../testing/local-scene.ts';
import { readPng } from '../../../testing/png-reader.ts';
import { saysInTime, written } from '../../../testing/provider-content.ts';
import { bootSector, type Then } from './guest/boot-sector.ts';
import { tail, trimLog } from './guest/logs.ts';

let scene: Awaited<ReturnType<typeof localScene>>;
beforeAll(async () => void (scene = await localScene()));
afterAll(async () => {
  await scene.provider[Symbol.asyncDispose]();
  await scene.dispose();
});

const MARK = 'the guest is here. ';

async function started(then: Then): Promise<{ id: string; folder: string }> {
  const { provider } = scene;
  const wanted = { name: 'a server', ...PLACE, ...MACHINE, systemSize: MiB };
  const { id, systemVolume } = await provider.createInstance(wanted, { key: crypto.randomUUID() });
  await written(provider, { id: systemVolume, bytes: bootSector(MARK, then) });
  await provider.startInstance(id, { key: crypto.randomUUID() });
  await saysInTime(provider, id, MARK);
  return { id, folder: join(scene.folder, 'guests', id) };
}

const stop = (id: string) => scene.provider.stopInstance(id, { key: crypto.randomUUID(), graceMs: 0 });

describe.skipIf(QEMU === undefined)('what is seen of a guest [needs qemu-system-x86_64]', () => {
  it('is its screen with what the firmware wrote, and no file is left of it', async () => {
    const { id, folder } = await started('halt');
    const { width, height, rgb } = readPng(await scene.provider.features.screenshot!(id, {}));
    expect({ width, height }).toEqual({ width: 720, height: 400 });
    const lit = rgb.filter((value) => value > 0).length / rgb.length;
    expect(lit).toBeGreaterThan(0.001);
    expect(lit).toBeLessThan(0.5);
    expect((await readdir(folder)).filter((name) => name.startsWith('screen-'))).toEqual([]);
    await stop(id);
  });

  it('is a log that is cut while the guest writes it, and has no gap at its end', async () => {
    const { id, folder } = await started('say it for ever');
    const log = join(folder, 'serial.log');
    while ((await stat(log)).blocks * 512 < 100_000) await sleep(50);
    await trimLog(log, { limit: 65_536, keep: 16_384 });
    const cut = await stat(log);
    expect(cut.blocks * 512).toBeLessThan(cut.size - 32_768);
    while ((await stat(log)).size < cut.size + 16_384) await sleep(50);
    await stop(id);
    const said = Buffer.from((await tail(log, 24_576)).bytes).toString('latin1');
    expect(MARK.repeat(Math.ceil(said.length / MARK.length) + 1)).toContain(said);
  });

  it('is an answer to what is typed into its console, all of it and in order', async () => {
    const { id } = await started('say what it hears');
    const { serialWrite } = scene.provider.features;
    const long = Array.from({ length: 400 }, (_, index) => `line ${index}\r`).join('');
    await serialWrite!(id, { bytes: Buffer.from('root\r') });
    await serialWrite!(id, { bytes: Buffer.from(long) });
    await saysInTime(scene.provider, id, `${MARK}root\r${long}`);
    await expect(serialWrite!(id, { bytes: new Uint8Array(16 * 1024 + 1) })).rejects.toMatchObject({
      code: 'request-invalid',
    });
    await stop(id);
    const stopped = { code: 'instance-stopped' };
    await expect(serialWrite!(id, { bytes: Buffer.from('x') })).rejects.toMatchObject(stopped);
  });

  it('is a refusal where nobody reads what is typed, and the next one is heard', async () => {
    const { id } = await started('halt');
    const typed = scene.provider.features.serialWrite!(id, { bytes: new Uint8Array(4096) });
    await expect(typed).rejects.toMatchObject({ code: 'console-unread' });
    expect((await scene.provider.getInstance(id)).state).toBe('running');
    await stop(id);
  });

  it('is a log that the provider itself keeps small', async () => {
    const { id, folder } = await started('halt');
    const log = join(folder, 'serial.log');
    await using file = await open(log, 'r+');
    await file.write(Buffer.alloc(20 * MiB, 7), 0, 20 * MiB, MiB);
    await file.sync();
    const latest = Date.now() + 10_000;
    while ((await file.stat()).blocks * 512 > 9 * MiB && Date.now() < latest) await sleep(50);
    const { size, blocks } = await file.stat();
    expect(size).toBe(21 * MiB);
    expect(blocks * 512).toBeLessThanOrEqual(9 * MiB);
    const { bytes, end } = await scene.provider.features.serialLog!(id, { last: MiB });
    expect(end).toBe(size);
    expect(Buffer.from(bytes).equals(Buffer.alloc(MiB, 7))).toBe(true);
    await stop(id);
  });

  it('is told at once when it ends although nobody has asked', async () => {
    const { id } = await started('halt');
    const over = new AbortController();
    // What its start has rung is over within one look.
    await sleep(1500);
    const heard = scene.provider.features.changes!(over.signal)[Symbol.asyncIterator]();
    process.kill(await processOf(id), 'SIGKILL');
    const begun = Date.now();
    await heard.next();
    expect(Date.now() - begun).toBeLessThan(5000);
    expect(await scene.provider.getInstance(id)).toMatchObject({ state: 'stopped' });
    over.abort();
  });
});

it('whoever listens to a provider that is closed has heard all', async () => {
  const provider = await openLocal(await localFolder());
  const listening = (async () => {
    for await (const _ of provider.features.changes!(new AbortController().signal));
  })();
  await provider[Symbol.asyncDispose]();
  await listening;
});

describe('the room for a volume', () => {
  it('is what is free, for a sparse file that promises more', async () => {
    const { provider, folder } = scene;
    const { bavail, bsize } = await statfs(folder);
    const free = bavail * bsize;
    const { id } = await provider.createVolume({ name: 'large', ...PLACE, size: 8 * 2 ** 40 }, { key: 'large' });
    const room = await provider.features.roomFor!(id);
    // Others write to the same file system meanwhile.
    expect(Math.abs(room - free)).toBeLessThan(free / 4);
    await provider.deleteVolume(id, { key: 'delete large' });
  });

  it.skipIf(!HAS_DEVICES)('is all of a device (as root, with losetup)', async () => {
    await using loop = await aDevice();
    const devices = [{ path: loop.path, name: 'a device' }];
    await using provider = await openLocal(await mkdtemp(join(scene.folder, 'with-devices-')), { devices });
    const [volume] = await provider.listVolumes();
    expect(await provider.features.roomFor!(volume!.id)).toBe(DEVICE_SIZE);
  });
});

async function processOf(id: string): Promise<number> {
  const record = JSON.parse(await readFile(join(scene.folder, 'instances', `${id}.json`), 'utf8')) as {
    guest: { process: { pid: number } };
  };
  return record.guest.process.pid;
}
