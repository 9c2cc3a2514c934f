import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { seededBytes } from '../../engine/testing/seeded.ts';
import type { Act, Instance, Provider, Ref, Volume } from '../src/providers/provider.ts';
import { dataVolumeConformance } from './data-volume-conformance.ts';
import { contentOf, written } from './provider-content.ts';

export interface ProviderUnderTest {
  provider: Provider;
  /** Where things are made; `elsewhere` is another zone. */
  readonly place: { readonly region: string; readonly zone: string };
  readonly elsewhere: { readonly region: string; readonly zone: string };
  readonly machine: { readonly firmware: 'bios' | 'uefi'; readonly cpus: number; readonly memory: number };
  /** The service ends and comes again. */
  reopen(): Promise<Provider>;
  dispose(): Promise<void>;
}

const key = (): string => randomUUID();
const act = (): Act => ({ key: key() });

/** Every provider must pass this, and `guestConformance` where its instances can be started in tests. */
export function providerConformance(name: string, make: () => Promise<ProviderUnderTest>): void {
  describe(`${name} keeps the contract of providers`, () => {
    let subject: ProviderUnderTest;
    const provider = (): Provider => subject.provider;
    beforeAll(async () => void (subject = await make()));
    afterAll(async () => {
      await subject.provider[Symbol.asyncDispose]();
      await subject.dispose();
    });

    const size = (steps: number): number => provider().limits.minSize + (steps - 1) * provider().limits.sizeStep;
    const newVolume = (steps = 1) => ({ name: 'a volume', ...subject.place, size: size(steps) });
    const newInstance = () => ({ name: 'a server', ...subject.place, ...subject.machine, systemSize: size(1) });
    const aVolume = (): Promise<Volume> => provider().createVolume(newVolume(), act());
    const anInstance = (): Promise<Instance> => provider().createInstance(newInstance(), act());
    const reopened = async (): Promise<Provider> => (subject.provider = await subject.reopen());

    dataVolumeConformance({
      provider,
      reopened,
      anInstance,
      twoVolumes: async () => [await aVolume(), await aVolume()],
    });

    it('has the place among its regions', async () => {
      const regions = await provider().regions();
      expect(regions.find(({ name }) => name === subject.place.region)?.zones).toContain(subject.place.zone);
    });

    it('tells what a system meets on its instances, and keeps to it', async () => {
      const { traits, features } = provider();
      expect(traits.firmware).toContain(subject.machine.firmware);
      expect([traits.tables, traits.architectures].every((some) => some.length > 0)).toBe(true);
      expect(['virtio-blk', 'virtio-scsi', 'ide']).toContain(traits.bus);
      expect(traits.serial).toBe(features.serialLog !== undefined);
      // A name of an interface, or data for cloud-init, without a network or a need for it would be judged by.
      if (traits.nic === undefined) expect(traits.interfaceName).toBeUndefined();
      if (traits.needsCloudInit) expect(traits.datasources).not.toHaveLength(0);
      for (const firmware of traits.firmware) {
        const instance = await provider().createInstance({ ...newInstance(), firmware }, act());
        expect(instance.firmware).toBe(firmware);
        await provider().deleteInstance(instance.id, act());
      }
      // Workers tell others in JSON.
      expect(JSON.parse(JSON.stringify(traits))).toEqual(traits);
      await reopened();
      expect(provider().traits).toEqual(traits);
    });

    it('makes a volume that is listed, and still there after a restart', async () => {
      const volume = await aVolume();
      expect(volume).toMatchObject({ ...newVolume(), role: 'data', state: 'available' });
      expect(await provider().listVolumes()).toContainEqual(volume);
      await reopened();
      expect(await provider().getVolume(volume.id)).toEqual(volume);
    });

    it('makes an instance that is stopped, with a system volume of its own', async () => {
      const instance = await anInstance();
      expect(instance).toMatchObject({ ...subject.place, ...subject.machine, state: 'stopped', dataVolumes: [] });
      const system = await provider().getVolume(instance.systemVolume);
      const attachment = { instance: instance.id, slot: 0 };
      expect(system).toMatchObject({ role: 'system', state: 'attached', size: size(1), attachment });
      await reopened();
      expect(await provider().listInstances()).toContainEqual(instance);
    });

    it('refuses a place, a size and a name that cannot be, and has made nothing', async () => {
      const before = await provider().listVolumes();
      const refused = { code: 'request-invalid' };
      const nowhere = { ...newVolume(), zone: 'nowhere' };
      await expect(provider().createVolume(nowhere, act())).rejects.toMatchObject({ code: 'zone-unknown' });
      for (const wrong of [{ size: 0 }, { size: size(1) + 1 }, { size: Number.NaN }, { name: '' }, { name: 'a\nb' }]) {
        await expect(provider().createVolume({ ...newVolume(), ...wrong }, act())).rejects.toMatchObject(refused);
      }
      for (const wrong of ['', 'k'.repeat(65), 'schlüssel', 'a\nb']) {
        await expect(provider().createVolume(newVolume(), { key: wrong })).rejects.toMatchObject(refused);
      }
      await provider().deleteVolume((await provider().createVolume(newVolume(), { key: 'k'.repeat(64) })).id, act());
      expect(await provider().listVolumes()).toEqual(before);
    });

    it('adopts what a call with the same key has made, also after a restart', async () => {
      const again = act();
      const volume = await provider().createVolume(newVolume(), again);
      expect(await provider().createVolume(newVolume(), again)).toEqual(volume);
      expect(await provider().find(again.key)).toEqual({ kind: 'volume', id: volume.id });
      const instanceAct = act();
      const instance = await provider().createInstance(newInstance(), instanceAct);
      await reopened();
      expect(await provider().createVolume(newVolume(), again)).toEqual(volume);
      expect(await provider().createInstance(newInstance(), instanceAct)).toEqual(instance);
      expect(await provider().find(instanceAct.key)).toEqual({ kind: 'instance', id: instance.id });
      expect(await provider().find(key())).toBeUndefined();
    });

    it('adopts also where both calls come at once', async () => {
      const again = act();
      const made = await Promise.all([1, 2, 3].map(() => provider().createVolume(newVolume(), again)));
      expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    });

    it('refuses a key that stands for something else', async () => {
      const once = act();
      const volume = await provider().createVolume(newVolume(), once);
      const reused = { code: 'operation-key-reused' };
      await expect(provider().createVolume(newVolume(2), once)).rejects.toMatchObject(reused);
      await expect(provider().createInstance(newInstance(), once)).rejects.toMatchObject(reused);
      await expect(provider().growVolume(volume.id, { ...once, size: size(2) })).rejects.toMatchObject(reused);
    });

    it('grows a volume once per key, never shrinks it, and keeps what is on it', async () => {
      const { id } = await aVolume();
      const bytes = seededBytes(1, size(1));
      await written(provider(), { id, bytes });
      const first = { ...act(), size: size(2) };
      expect(await provider().growVolume(id, first)).toMatchObject({ size: size(2) });
      await provider().growVolume(id, { ...act(), size: size(3) });
      expect(await provider().growVolume(id, first)).toMatchObject({ size: size(3) });
      const shrinking = provider().growVolume(id, { ...act(), size: size(2) });
      await expect(shrinking).rejects.toMatchObject({ code: 'volume-shrinks' });
      await reopened();
      const content = await contentOf(provider(), id);
      expect(content.length).toBe(size(3));
      expect(Buffer.compare(content.subarray(0, bytes.length), bytes)).toBe(0);
      expect(content.subarray(bytes.length).every((byte) => byte === 0)).toBe(true);
    });

    it('refuses to attach a volume twice, from another zone, or a system volume', async () => {
      const [one, other] = [await anInstance(), await anInstance()];
      const volume = await aVolume();
      const far = await provider().createVolume({ ...newVolume(), ...subject.elsewhere }, act());
      await provider().attachVolume(volume.id, { ...act(), instance: one.id });
      const attach = (id: string) => provider().attachVolume(id, { ...act(), instance: other.id });
      await expect(attach(volume.id)).rejects.toMatchObject({ code: 'volume-attached' });
      await expect(attach(far.id)).rejects.toMatchObject({ code: 'zone-differs' });
      await expect(attach(one.systemVolume)).rejects.toMatchObject({ code: 'volume-is-system' });
      const system = { code: 'volume-is-system' };
      await expect(provider().detachVolume(one.systemVolume, act())).rejects.toMatchObject(system);
      await expect(provider().deleteVolume(one.systemVolume, act())).rejects.toMatchObject(system);
    });

    it('attaches no more volumes than it says', async () => {
      const { id: instance } = await anInstance();
      for (let count = 0; count < provider().limits.dataVolumes; count++) {
        await provider().attachVolume((await aVolume()).id, { ...act(), instance });
      }
      const oneMore = provider().attachVolume((await aVolume()).id, { ...act(), instance });
      await expect(oneMore).rejects.toMatchObject({ code: 'attachments-full' });
    });

    it('deletes a volume as often as it is asked, unless it is attached', async () => {
      const { id: instance } = await anInstance();
      const { id } = await aVolume();
      await provider().attachVolume(id, { ...act(), instance });
      await expect(provider().deleteVolume(id, act())).rejects.toMatchObject({ code: 'volume-attached' });
      await provider().detachVolume(id, act());
      const deleting = act();
      await provider().deleteVolume(id, deleting);
      await provider().deleteVolume(id, deleting);
      await expect(provider().getVolume(id)).rejects.toMatchObject({ code: 'volume-not-found' });
      await reopened();
      await provider().deleteVolume(id, act());
      expect((await provider().listVolumes()).map((volume) => volume.id)).not.toContain(id);
    });

    it('deletes an instance with its system volume, and lets its data volumes go', async () => {
      const instance = await anInstance();
      const data = await aVolume();
      await provider().attachVolume(data.id, { ...act(), instance: instance.id });
      await provider().deleteInstance(instance.id, act());
      await provider().deleteInstance(instance.id, act());
      await expect(provider().getInstance(instance.id)).rejects.toMatchObject({ code: 'instance-not-found' });
      const system = provider().getVolume(instance.systemVolume);
      await expect(system).rejects.toMatchObject({ code: 'volume-not-found' });
      expect(await provider().getVolume(data.id)).toEqual(data);
    });

    it('names the volume or the instance that is not there', async () => {
      const missing = { code: 'volume-not-found', message: expect.stringContaining('v-none') };
      await expect(provider().getVolume('v-none')).rejects.toMatchObject(missing);
      await expect(provider().openVolume('v-none', {})).rejects.toMatchObject(missing);
      await expect(provider().growVolume('v-none', { ...act(), size: size(2) })).rejects.toMatchObject(missing);
      const { id } = await aVolume();
      const nowhere = provider().attachVolume(id, { ...act(), instance: '../../etc' });
      await expect(nowhere).rejects.toMatchObject({ code: 'instance-not-found' });
    });

    it('refuses every change by others while a volume is held, and names the holder', async () => {
      const { id } = await aVolume();
      const { id: instance } = await anInstance();
      const ref: Ref = { kind: 'volume', id };
      await provider().hold(ref, { holder: 'm-1', why: 'migration m-1 writes it' });
      await reopened();
      const heldBy = { holder: 'm-1', why: 'migration m-1 still writes it' };
      await provider().hold(ref, heldBy);
      expect(await provider().getVolume(id)).toMatchObject({ heldBy });
      const held = { code: 'held', message: expect.stringMatching(/m-1.*still writes it/) };
      for (const holder of [undefined, 'm-2']) {
        const other = { ...act(), holder };
        await expect(provider().growVolume(id, { ...other, size: size(2) })).rejects.toMatchObject(held);
        await expect(provider().attachVolume(id, { ...other, instance })).rejects.toMatchObject(held);
        await expect(provider().detachVolume(id, other)).rejects.toMatchObject(held);
        await expect(provider().deleteVolume(id, other)).rejects.toMatchObject(held);
        await expect(provider().openVolume(id, other)).rejects.toMatchObject(held);
      }
      await expect(provider().hold(ref, { holder: 'm-2', why: 'me too' })).rejects.toMatchObject(held);
      await expect(provider().release(ref, 'm-2')).rejects.toMatchObject(held);
      await provider().growVolume(id, { ...act(), holder: 'm-1', size: size(2) });
      await provider().release(ref, 'm-1');
      await provider().release(ref, 'm-1');
      await provider().deleteVolume(id, act());
      await provider().release(ref, 'm-1');
    });

    it('refuses what would change a held instance by way of its volumes', async () => {
      const { id: instance, systemVolume } = await anInstance();
      const { id } = await aVolume();
      await provider().hold({ kind: 'instance', id: instance }, { holder: 'm-1', why: 'it is being moved' });
      const held = { code: 'held', message: expect.stringContaining(instance) };
      await expect(provider().attachVolume(id, { ...act(), instance })).rejects.toMatchObject(held);
      await expect(provider().growVolume(systemVolume, { ...act(), size: size(2) })).rejects.toMatchObject(held);
      await expect(provider().openVolume(systemVolume, {})).rejects.toMatchObject(held);
      await expect(provider().deleteInstance(instance, act())).rejects.toMatchObject(held);
      await expect(provider().startInstance(instance, act())).rejects.toMatchObject(held);
      await expect(provider().stopInstance(instance, { ...act(), graceMs: 0 })).rejects.toMatchObject(held);
      await provider().attachVolume(id, { ...act(), holder: 'm-1', instance });
      await provider().hold({ kind: 'volume', id }, { holder: 'm-3', why: 'it is read' });
      await provider().release({ kind: 'instance', id: instance }, 'm-1');
      await expect(provider().deleteInstance(instance, act())).rejects.toMatchObject({ code: 'held' });
    });

    it('gives the disk of a volume to one writer at a time, and keeps what was flushed', async () => {
      const { id } = await aVolume();
      const bytes = seededBytes(2, 4096);
      {
        await using target = await provider().openVolume(id, {});
        expect(target).toMatchObject({ size: size(1), traits: { startsZeroed: true } });
        await target.write(8192, bytes);
        await target.flush();
        const inUse = { code: 'volume-in-use' };
        await expect(provider().openVolume(id, {})).rejects.toMatchObject(inUse);
        await expect(provider().deleteVolume(id, act())).rejects.toMatchObject(inUse);
        await expect(provider().growVolume(id, { ...act(), size: size(2) })).rejects.toMatchObject(inUse);
      }
      await reopened();
      expect(Buffer.compare((await contentOf(provider(), id)).subarray(8192, 8192 + bytes.length), bytes)).toBe(0);
    });

    it('tells that something changed, where it can', async ({ skip }) => {
      const over = new AbortController();
      const heard = provider().features.changes?.(over.signal)[Symbol.asyncIterator]();
      if (heard === undefined) return skip();
      const { id } = await aVolume();
      expect(await heard.next()).toEqual({ done: false, value: undefined });
      const next = heard.next();
      await provider().deleteVolume(id, act());
      expect(await next).toEqual({ done: false, value: undefined });
      over.abort();
      expect(await heard.next()).toEqual({ done: true, value: undefined });
    });

    it('tells how much of a volume has room, where it can', async ({ skip }) => {
      const { roomFor } = provider().features;
      if (roomFor === undefined) return skip();
      const { id } = await aVolume();
      const room = await roomFor(id);
      expect(room).toBeGreaterThanOrEqual(0);
      expect(room).toBeLessThanOrEqual(size(1));
      await expect(roomFor('v-none')).rejects.toMatchObject({ code: 'volume-not-found' });
    });

    it('does nothing under a signal that has been given', async () => {
      const before = await provider().listVolumes();
      const signal = AbortSignal.abort();
      const aborted = { name: 'AbortError' };
      await expect(provider().createVolume(newVolume(), { ...act(), signal })).rejects.toMatchObject(aborted);
      expect(await provider().listVolumes()).toEqual(before);
    });
  });
}
