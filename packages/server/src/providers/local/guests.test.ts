import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTarget } from '@diskferry/engine';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { MACHINE, MiB, PLACE } from '../../../testing/local-cloud.ts';
import { localScene, QEMU } from '../../../testing/local-scene.ts';
import { saysInTime, written } from '../../../testing/provider-content.ts';
import type { Instance } from '../provider.ts';
import { bootSector } from './guest/boot-sector.ts';
import { findFirmware } from './guest/programs.ts';

const STARTER = join(import.meta.dirname, '../../../testing/local-starter.ts');
const hasFirmware = await findFirmware().then(
  () => true,
  () => false,
);

let scene: Awaited<ReturnType<typeof localScene>>;
beforeAll(async () => void (scene = await localScene()));
afterAll(async () => {
  await scene.provider[Symbol.asyncDispose]();
  await scene.dispose();
});

const MARK = 'the guest is here';

async function bootable(machine: Partial<Pick<Instance, 'firmware' | 'memory'>> = {}): Promise<Instance> {
  const wanted = { name: 'a server', ...PLACE, ...MACHINE, ...machine, systemSize: MiB };
  const instance = await scene.provider.createInstance(wanted, { key: crypto.randomUUID() });
  await written(scene.provider, { id: instance.systemVolume, bytes: bootSector(MARK) });
  return instance;
}

/** Another service takes the folder over, starts the instance, and is killed some time after it has said `word`. */
async function startAndKill({ id }: Instance, how: { key: string; word: string; afterMs: number }): Promise<void> {
  await scene.provider[Symbol.asyncDispose]();
  const args = [STARTER, scene.folder, id, how.key];
  const service = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(service, 'close');
  for await (const line of createInterface({ input: service.stdout })) if (line === how.word) break;
  await sleep(how.afterMs);
  service.kill('SIGKILL');
  await closed;
  await scene.reopen();
}

async function processesOf({ id }: Instance): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return text.includes('qemu-system') && text.includes(`${id}.`) ? [Number(pid)] : [];
    }),
  );
  return found.flat();
}

const disk = ({ systemVolume }: Instance): string => join(scene.folder, 'volumes', `${systemVolume}.raw`);
const stop = ({ id }: Instance) => scene.provider.stopInstance(id, { key: crypto.randomUUID(), graceMs: 0 });

describe.skipIf(QEMU === undefined)('guests of the local provider [needs qemu-system-x86_64]', () => {
  it('live on when the service is killed, keep their disks locked, and are taken over', async () => {
    const instance = await bootable();
    await startAndKill(instance, { key: 'once', word: 'started', afterMs: 0 });
    await saysInTime(scene.provider, instance.id, MARK);
    expect(await scene.provider.getInstance(instance.id)).toMatchObject({ state: 'running' });
    // Whoever does not ask the provider finds the lock that the process has.
    await expect(openTarget(disk(instance))).rejects.toMatchObject({ code: 'target-in-use' });
    expect(await scene.provider.startInstance(instance.id, { key: 'once' })).toMatchObject({ state: 'running' });
    expect(await processesOf(instance)).toHaveLength(1);
    expect(await stop(instance)).toMatchObject({ state: 'stopped' });
    expect(await processesOf(instance)).toEqual([]);
    await (await openTarget(disk(instance)))[Symbol.asyncDispose]();
  });

  it('are never two of one instance, however early the service is killed while it starts one', async () => {
    const instance = await bootable();
    for (const afterMs of [0, 5, 10, 20, 40, 80]) {
      const key = `start after ${afterMs}`;
      await startAndKill(instance, { key, word: 'starting', afterMs });
      const { state } = await scene.provider.getInstance(instance.id);
      expect(await processesOf(instance)).toHaveLength(state === 'running' ? 1 : 0);
      await scene.provider.startInstance(instance.id, { key });
      await saysInTime(scene.provider, instance.id, MARK);
      expect(await processesOf(instance)).toHaveLength(1);
      await stop(instance);
      expect(await processesOf(instance)).toEqual([]);
    }
  });

  it('are stopped when their process has ended, and can be started again', async () => {
    const instance = await bootable();
    await scene.provider.startInstance(instance.id, { key: 'first' });
    for (const pid of await processesOf(instance)) process.kill(pid, 'SIGKILL');
    // A process that is ending counts as running until it has closed its disks.
    while ((await scene.provider.getInstance(instance.id)).state === 'running') await sleep(20);
    expect(await scene.provider.getInstance(instance.id)).toMatchObject({ state: 'stopped' });
    expect(await processesOf(instance)).toEqual([]);
    await scene.provider.startInstance(instance.id, { key: 'second' });
    await saysInTime(scene.provider, instance.id, MARK);
    await stop(instance);
  });

  it('are seen to change while they are asked to shut down, and others go on meanwhile', async () => {
    const instance = await bootable();
    await scene.provider.startInstance(instance.id, { key: 'to be stopped' });
    const stopping = scene.provider.stopInstance(instance.id, { key: 'stop', graceMs: 1500 });
    await sleep(300);
    expect(await scene.provider.getInstance(instance.id)).toMatchObject({ state: 'changing' });
    const another = { name: 'a volume', ...PLACE, size: MiB };
    await scene.provider.createVolume(another, { key: 'meanwhile' });
    expect(await scene.provider.getInstance(instance.id)).toMatchObject({ state: 'changing' });
    expect(await stopping).toMatchObject({ state: 'stopped' });
  });
});

describe.skipIf(QEMU === undefined)('a guest that does not shut down [needs qemu-system-x86_64]', () => {
  it('is switched off after its time, though the clock of the machine is set back', async () => {
    const instance = await bootable();
    await scene.provider.startInstance(instance.id, { key: crypto.randomUUID() });
    let at = Date.now();
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => (at -= 3_600_000));
    const stopping = scene.provider.stopInstance(instance.id, { key: 'stop by time', graceMs: 300 });
    const late = sleep(4000, 'late');
    expect(await Promise.race([stopping, late])).toMatchObject({ state: 'stopped' });
    clock.mockRestore();
  });
});

describe.skipIf(QEMU === undefined || !hasFirmware)('guests with UEFI [needs qemu-system-x86_64 and ovmf]', () => {
  it('start their firmware, which keeps its memory', async () => {
    const instance = await bootable({ firmware: 'uefi', memory: 128 * MiB });
    await scene.provider.startInstance(instance.id, { key: 'uefi' });
    await saysInTime(scene.provider, instance.id, 'BdsDxe');
    await stop(instance);
    const names = await readdir(join(scene.folder, 'guests', instance.id));
    expect(names).toContain('vars.fd');
    await scene.provider.deleteInstance(instance.id, { key: 'gone' });
    expect(await readdir(join(scene.folder, 'guests'))).not.toContain(instance.id);
  });

  it('that QEMU refuses are reported with its words, and leave no lock', async () => {
    const instance = await bootable({ firmware: 'uefi', memory: 128 * MiB });
    const folder = join(scene.folder, 'guests', instance.id);
    await mkdir(folder);
    await writeFile(join(folder, 'vars.fd'), Buffer.alloc(512));
    const starting = scene.provider.startInstance(instance.id, { key: 'without its memory' });
    const refused = {
      code: 'guest-not-started',
      message: expect.stringMatching(/qemu-system-x86_64: .*(pflash|size)/),
    };
    await expect(starting).rejects.toMatchObject(refused);
    expect(await scene.provider.getInstance(instance.id)).toMatchObject({ state: 'stopped' });
    await (await openTarget(disk(instance)))[Symbol.asyncDispose]();
    await rm(join(folder, 'vars.fd'));
    await scene.provider.startInstance(instance.id, { key: 'without its memory' });
    await stop(instance);
  });
});

it('where QEMU is not installed, starting says what to install, and has started nothing', async () => {
  const instance = await bootable();
  vi.stubEnv('PATH', '/nowhere');
  try {
    const missing = { code: 'hypervisor-missing', hint: expect.stringContaining('apt-get install') };
    await expect(scene.provider.startInstance(instance.id, { key: 'start' })).rejects.toMatchObject(missing);
    expect(await scene.provider.getInstance(instance.id)).toEqual(instance);
  } finally {
    vi.unstubAllEnvs();
  }
});
