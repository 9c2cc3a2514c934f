import { randomUUID } from 'node:crypto';
import { readdir, readFile, readlink, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openTarget } from '@diskferry/engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dataVolumeConformance } from '../../../testing/data-volume-conformance.ts';
import {
  addPartition,
  aDevice,
  blankFile,
  CAN_MOUNT,
  DEVICE_SIZE,
  HAS_DEVICES,
  type LoopDevice,
  loopDevice,
  mounted,
} from '../../../testing/local-devices.ts';
import { MACHINE, MiB, openLocal, PLACE } from '../../../testing/local-cloud.ts';
import { localFolder, QEMU } from '../../../testing/local-scene.ts';
import { identityOf, saysInTime, written } from '../../../testing/provider-content.ts';
import type { ProviderError } from '../provider-error.ts';
import type { Act, Instance } from '../provider.ts';
import { bootSector } from './guest/boot-sector.ts';
import type { ListedDevice } from './listed-devices.ts';
import type { LocalProvider } from './local-provider.ts';

const root = await localFolder();
const act = (): Act => ({ key: randomUUID() });
const listed = (path: string, more: Partial<ListedDevice> = {}): ListedDevice => ({ path, name: 'a device', ...more });

const seen = async (provider: LocalProvider) =>
  new Map((await provider.listVolumes()).map(({ id, device, unusable }) => [id, { device: device?.path, unusable }]));

function anInstance(provider: LocalProvider): Promise<Instance> {
  return provider.createInstance({ name: 'a server', ...PLACE, ...MACHINE, systemSize: MiB }, act());
}

/** The one volume of a folder that is opened with this list. */
async function onlyVolume(folder: string, devices: readonly ListedDevice[]) {
  await using provider = await openLocal(folder, { devices });
  const volumes = await provider.listVolumes();
  expect(volumes).toHaveLength(1);
  return volumes[0]!;
}

const refused = (text: string) => ({ code: 'device-refused', message: expect.stringContaining(text) });
const refusedBy = (devices: readonly ListedDevice[]) =>
  localFolder()
    .then((folder) => openLocal(folder, { devices }))
    .then(
      async (provider) => {
        await provider[Symbol.asyncDispose]();
        throw new Error('it was not refused');
      },
      ({ code, message }: ProviderError) => ({ code, message }),
    );

describe('devices of the configuration', () => {
  it('are refused where they are no block devices, or in no place', async () => {
    const file = await blankFile();
    expect(await refusedBy([listed(file)])).toEqual(refused(`${file} is no block device`));
    expect(await refusedBy([listed('/dev/null')])).toEqual(refused('/dev/null is no block device'));
    expect(await refusedBy([listed('dev/sda')])).toEqual(refused('dev/sda is no absolute path'));
    expect(await refusedBy([listed('/dev/x', { zone: 'nowhere' })])).toMatchObject({ code: 'zone-unknown' });
    expect(await refusedBy([listed('/dev/x', { name: 'a\nb' })])).toMatchObject({ code: 'request-invalid' });
  });

  it('that were never seen are no volumes, and hinder nobody', async () => {
    await using provider = await openLocal(await localFolder(), {
      devices: [listed('/dev/disk/by-id/not-plugged-in')],
    });
    expect(await provider.listVolumes()).toEqual([]);
  });

  it('are read from their record with care', async () => {
    const folder = await localFolder();
    await using provider = await openLocal(folder);
    const { id } = await provider.createVolume({ name: 'a volume', ...PLACE, size: MiB }, act());
    await provider[Symbol.asyncDispose]();
    const path = join(folder, 'volumes', `${id}.json`);
    const record = JSON.parse(await readFile(path, 'utf8')) as object;
    for (const device of [null, 'sda', { path: '/dev/sda', listed: true }, { path: 7, name: 'x', listed: true }]) {
      await writeFile(path, JSON.stringify({ ...record, device }));
      await expect(openLocal(folder)).rejects.toMatchObject({ code: 'folder-damaged' });
    }
  });
});

describe.skipIf(!HAS_DEVICES)('volumes that are devices (as root, with losetup)', () => {
  describe('keep the contract of data volumes', () => {
    let scene: { folder: string; devices: ListedDevice[]; loops: LoopDevice[]; provider: LocalProvider };
    const reopened = async () => {
      await scene.provider[Symbol.asyncDispose]();
      return (scene.provider = await openLocal(scene.folder, { devices: scene.devices }));
    };
    beforeAll(async () => {
      const [folder, loops] = [await localFolder(), [await aDevice(), await aDevice()]];
      const devices = loops.map(({ path }) => listed(path));
      scene = { folder, loops, devices, provider: await openLocal(folder, { devices }) };
    });
    afterAll(async () => {
      await scene.provider[Symbol.asyncDispose]();
      for (const loop of scene.loops) await loop[Symbol.asyncDispose]();
    });
    dataVolumeConformance({
      provider: () => scene.provider,
      reopened,
      anInstance: () => anInstance(scene.provider),
      twoVolumes: async () => {
        const found = (await scene.provider.listVolumes()).filter(({ device }) => device !== undefined);
        return [found[0]!, found[1]!];
      },
    });
  });

  it('have the size that they have, and are neither grown nor deleted', async () => {
    await using loop = await aDevice();
    await using provider = await openLocal(await localFolder(), {
      devices: [listed(loop.path, { zone: 'east-2', region: 'east' })],
    });
    const [volume] = await provider.listVolumes();
    expect(volume).toEqual({
      id: expect.stringMatching(/^v-[0-9a-f]{16}$/),
      name: 'a device',
      region: 'east',
      zone: 'east-2',
      size: DEVICE_SIZE,
      role: 'data',
      state: 'available',
      device: { path: loop.path, name: expect.stringMatching(/^loop-/) },
    });
    const isDevice = { code: 'volume-is-device', message: expect.stringContaining(loop.path) };
    await expect(provider.growVolume(volume!.id, { ...act(), size: 8 * MiB })).rejects.toMatchObject(isDevice);
    await expect(provider.deleteVolume(volume!.id, act())).rejects.toMatchObject(isDevice);
  });

  it('stay what they are under another path and when they have grown', async () => {
    const file = await blankFile();
    await using loop = await loopDevice(file);
    const folder = await localFolder();
    const before = await onlyVolume(folder, [listed(loop.path)]);
    const other = join(folder, 'by another name');
    await symlink(loop.path, other);
    await truncate(file, 8 * MiB);
    await loop.refresh();
    const after = await onlyVolume(folder, [listed(other)]);
    expect(after).toEqual({ ...before, device: { ...before.device, path: other }, size: 8 * MiB });
  });

  it('are refused twice, and with a partition of themselves', async () => {
    await using loop = await loopDevice(await blankFile(), ['--partscan']);
    await using part = await addPartition(loop.path);
    const alias = join(root, `alias-${randomUUID()}`);
    await symlink(loop.path, alias);
    expect(await refusedBy([listed(loop.path), listed(alias)])).toEqual(refused('are the same device'));
    expect(await refusedBy([listed(part.path), listed(alias)])).toEqual(refused('is a partition of the other'));
    expect(await onlyVolume(await localFolder(), [listed(part.path)])).toMatchObject({ size: MiB });
  });

  it('are unusable while they are gone or others, and come back as they were', async () => {
    const [file, folder] = [await blankFile(), await localFolder()];
    const path = join(folder, 'the disk');
    const devices = [listed(path)];
    const unusable = { code: 'device-unusable' };
    let loop = await loopDevice(file);
    await using stranger = await aDevice();
    await symlink(loop.path, path);
    await using provider = await openLocal(folder, { devices });
    const [volume] = await provider.listVolumes();
    const { id, size } = volume!;
    const faulty = async (why: string): Promise<void> => {
      expect(await provider.getVolume(id)).toMatchObject({ size, unusable: expect.stringContaining(why) });
      await expect(provider.openVolume(id, {})).rejects.toMatchObject(unusable);
      const { id: instance } = await anInstance(provider);
      await expect(provider.attachVolume(id, { ...act(), instance })).rejects.toMatchObject(unusable);
    };
    await rename(path, `${path}.away`);
    await faulty('its device is gone');
    await symlink(stranger.path, path);
    await faulty('is another device now');
    await rm(path);
    await rename(`${path}.away`, path);
    await loop[Symbol.asyncDispose]();
    await faulty('is empty');
    // A service that starts meanwhile knows it still.
    await provider[Symbol.asyncDispose]();
    expect((await onlyDevice(folder, devices)).unusable).toContain('is gone');
    loop = await loopDevice(file);
    await rm(path);
    await symlink(loop.path, path);
    expect(await onlyDevice(folder, devices)).toEqual(volume);
    await loop[Symbol.asyncDispose]();
  });

  it('stay what they are while they are held, though another disk lies at their path', async () => {
    await using one = await aDevice();
    await using other = await aDevice();
    const folder = await localFolder();
    const path = join(folder, 'the disk');
    await symlink(one.path, path);
    const { id } = await onlyVolume(folder, [listed(path)]);
    {
      await using provider = await openLocal(folder, { devices: [listed(path)] });
      await provider.hold({ kind: 'volume', id }, { holder: 'm-1', why: 'it is written' });
    }
    await rm(path);
    await symlink(other.path, path);
    const unusable = expect.stringContaining('is another device now');
    expect(await onlyVolume(folder, [listed(path)])).toMatchObject({ id, unusable });
    {
      await using provider = await openLocal(folder, { devices: [listed(path)] });
      await expect(provider.openVolume(id, { holder: 'm-1' })).rejects.toMatchObject({ code: 'device-unusable' });
      await provider.release({ kind: 'volume', id }, 'm-1');
    }
    const next = await onlyVolume(folder, [listed(path)]);
    expect(next.id).not.toBe(id);
    expect(next).not.toHaveProperty('unusable');
  });

  it('stay what they are when two of them have changed places', async () => {
    await using one = await aDevice();
    await using other = await aDevice();
    const folder = await localFolder();
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    await symlink(one.path, first);
    await symlink(other.path, second);
    const open = () => openLocal(folder, { devices: [listed(first), listed(second)] });
    const before = await (async () => {
      await using provider = await open();
      for (const { id } of await provider.listVolumes()) {
        await provider.hold({ kind: 'volume', id }, { holder: 'm-1', why: 'it is written' });
      }
      return seen(provider);
    })();
    await rename(first, `${first}.away`);
    await rename(second, first);
    await rename(`${first}.away`, second);
    await using provider = await open();
    const swapped = new Map(
      [...before].map(([id, { device }]) => [id, { device: device === first ? second : first, unusable: undefined }]),
    );
    expect(swapped.size).toBe(2);
    expect(await seen(provider)).toEqual(swapped);
  });

  it('go with their entry, and stay as long as they are attached', async () => {
    await using loop = await aDevice();
    const [folder, devices] = [await localFolder(), [listed(loop.path)]];
    const { id } = await onlyVolume(folder, devices);
    {
      await using provider = await openLocal(folder);
      expect(await provider.listVolumes()).toEqual([]);
    }
    {
      await using provider = await openLocal(folder, { devices });
      const { id: instance } = await anInstance(provider);
      await provider.attachVolume(id, { ...act(), instance });
    }
    await using provider = await openLocal(folder);
    expect((await provider.getVolume(id)).unusable).toContain('not among the devices of the configuration');
    await provider.detachVolume(id, act());
    await provider.deleteVolume(id, act());
    await expect(provider.getVolume(id)).rejects.toMatchObject({ code: 'volume-not-found' });
    await (await openTarget(loop.path))[Symbol.asyncDispose]();
  });

  it.skipIf(!CAN_MOUNT)('are left alone while they are mounted, and say where', async () => {
    await using loop = await aDevice();
    await using provider = await openLocal(await localFolder(), { devices: [listed(loop.path)] });
    const [volume] = await provider.listVolumes();
    {
      await using mount = await mounted(loop.path);
      const unusable = expect.stringContaining(`is mounted at ${mount.place}`);
      expect(await provider.getVolume(volume!.id)).toEqual({ ...volume, unusable });
      const refusal = { code: 'device-unusable', message: unusable };
      await expect(provider.openVolume(volume!.id, {})).rejects.toMatchObject(refusal);
    }
    expect(await provider.getVolume(volume!.id)).toEqual(volume);
  });

  it.skipIf(QEMU === undefined)('belong to the guest that has them, also when the service is gone', async () => {
    await using loop = await aDevice();
    const [folder, devices] = [await localFolder(), [listed(loop.path)]];
    const { id } = await onlyVolume(folder, devices);
    let provider = await openLocal(folder, { devices });
    const instance = await anInstance(provider);
    await written(provider, { id: instance.systemVolume, bytes: bootSector('the guest is here') });
    await provider.attachVolume(id, { ...act(), instance: instance.id });
    {
      await using _copy = await openTarget(loop.path);
      await expect(provider.startInstance(instance.id, act())).rejects.toMatchObject({ code: 'volume-in-use' });
    }
    await provider.startInstance(instance.id, act());
    await saysInTime(provider, instance.id, 'the guest is here');
    await provider[Symbol.asyncDispose]();
    const inUse = { code: 'target-in-use' };
    await expect(openTarget(loop.path)).rejects.toMatchObject(inUse);
    provider = await openLocal(folder, { devices });
    // What we claimed, and what QEMU opened by it.
    expect(await openedBy(instance, loop.path)).toBeGreaterThanOrEqual(2);
    await expect(provider.openVolume(id, {})).rejects.toMatchObject({ code: 'instance-running' });
    await provider.stopInstance(instance.id, { ...act(), graceMs: 0 });
    expect(await identityOf(provider, id)).toMatch(/^block:/);
    await provider[Symbol.asyncDispose]();
  });
});

async function onlyDevice(folder: string, devices: readonly ListedDevice[]) {
  await using provider = await openLocal(folder, { devices });
  const found = (await provider.listVolumes()).filter(({ device }) => device !== undefined);
  expect(found).toHaveLength(1);
  return found[0]!;
}

/** How many descriptors the guest's process has of the file. */
async function openedBy({ id }: Instance, path: string): Promise<number> {
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const said = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    if (!said.includes('qemu-system') || !said.includes(`-name\0${id}.`)) continue;
    const links = (await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => ''));
    return (await Promise.all(links)).filter((link) => link === path).length;
  }
  return 0;
}
