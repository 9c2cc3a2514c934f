import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { seededBytes } from '../../engine/testing/seeded.ts';
import type { Act, Instance, Provider, Ref, Volume } from '../src/providers/provider.ts';
import { contentOf, identityOf } from './provider-content.ts';

/** Volumes are as they were when a test is over: those that nobody has made here are the same for all tests. */
export interface DataVolumesUnderTest {
  provider(): Provider;
  reopened(): Promise<Provider>;
  /** Stopped, in the place of the volumes. */
  anInstance(): Promise<Instance>;
  /** Data volumes that nobody uses. */
  twoVolumes(): Promise<readonly [Volume, Volume]>;
}

const act = (): Act => ({ key: randomUUID() });

/** Every data volume must pass this, whether it was made through the provider or was there. */
export function dataVolumeConformance({ provider, reopened, anInstance, twoVolumes }: DataVolumesUnderTest): void {
  it('attaches a volume and detaches it, each of them as often as it is asked', async () => {
    const { id: instance } = await anInstance();
    const [first, second] = await twoVolumes();
    const attaching = { ...act(), instance };
    await provider().attachVolume(first.id, attaching);
    await provider().attachVolume(second.id, { ...act(), instance });
    expect(await provider().attachVolume(first.id, { ...act(), instance })).toMatchObject({ state: 'attached' });
    expect(await provider().getInstance(instance)).toMatchObject({ dataVolumes: [first.id, second.id] });
    await reopened();
    const detaching = act();
    await provider().detachVolume(first.id, detaching);
    await provider().detachVolume(first.id, act());
    expect(await provider().getVolume(first.id)).toEqual(first);
    // The first call again: what it did was done, and was undone since.
    expect(await provider().attachVolume(first.id, attaching)).toEqual(first);
    expect(await provider().getInstance(instance)).toMatchObject({ dataVolumes: [second.id] });
    await provider().deleteInstance(instance, act());
    expect(await provider().getVolume(second.id)).toEqual(second);
  });

  it('gives a volume to its holder alone, also after a restart', async () => {
    const { id: instance } = await anInstance();
    const [{ id }] = await twoVolumes();
    const ref: Ref = { kind: 'volume', id };
    await provider().hold(ref, { holder: 'm-1', why: 'migration m-1 writes it' });
    await reopened();
    const held = { code: 'held', message: expect.stringContaining('migration m-1 writes it') };
    await expect(provider().openVolume(id, {})).rejects.toMatchObject(held);
    await expect(provider().attachVolume(id, { ...act(), instance })).rejects.toMatchObject(held);
    await expect(provider().deleteVolume(id, act())).rejects.toMatchObject(held);
    await using _target = await provider().openVolume(id, { holder: 'm-1' });
    await provider().release(ref, 'm-1');
    expect(await provider().getVolume(id)).not.toHaveProperty('heldBy');
  });

  it('opens a volume for one writer, who finds again what was flushed, under the same identity', async () => {
    const [one, other] = await twoVolumes();
    const bytes = seededBytes(3, 4096);
    const identity = await identityOf(provider(), one.id);
    expect(await identityOf(provider(), other.id)).not.toBe(identity);
    {
      await using target = await provider().openVolume(one.id, {});
      expect(target.size).toBe(one.size);
      await target.write(8192, bytes);
      await target.flush();
      await expect(provider().openVolume(one.id, {})).rejects.toMatchObject({ code: 'volume-in-use' });
      expect(await provider().getVolume(one.id)).toEqual(one);
    }
    await reopened();
    expect(await identityOf(provider(), one.id)).toBe(identity);
    expect(Buffer.compare((await contentOf(provider(), one.id)).subarray(8192, 8192 + bytes.length), bytes)).toBe(0);
  });
}
