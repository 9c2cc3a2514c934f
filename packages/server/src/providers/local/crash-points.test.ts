import { readdirSync, statSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { MACHINE, MiB, openLocal, PLACE } from '../../../testing/local-cloud.ts';
import { localFolder } from '../../../testing/local-scene.ts';
import type { LocalProvider } from './local-provider.ts';

/** Once `left` changes of the file system have been made, nothing happens any more, as after a kill. */
const power = vi.hoisted(() => ({
  left: Infinity,
  steps: 0,
  /** Makes one change, or half of it where that can be. */
  async step<Result>(work: () => Promise<Result>, torn?: () => Promise<unknown>): Promise<Result> {
    if (power.steps++ < power.left) return await work();
    if (power.steps === power.left + 1) await torn?.();
    throw new Error('the power is off');
  },
}));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  return {
    ...real,
    open: async (...args: Parameters<typeof real.open>) =>
      counted(await (args[1] === 'r' ? real.open(...args) : power.step(() => real.open(...args)))),
    rename: (...args: Parameters<typeof real.rename>) => power.step(() => real.rename(...args)),
    unlink: (...args: Parameters<typeof real.unlink>) => power.step(() => real.unlink(...args)),
    rm: (...args: Parameters<typeof real.rm>) => power.step(() => real.rm(...args)),
  };
});

function counted(handle: FileHandle): FileHandle {
  const { sync, truncate, writeFile } = handle;
  handle.sync = () => power.step(() => sync.call(handle));
  handle.truncate = (size) => power.step(() => truncate.call(handle, size));
  handle.writeFile = (content) => {
    const half = String(content).slice(0, String(content).length / 2);
    return power.step(
      () => writeFile.call(handle, content),
      () => writeFile.call(handle, half),
    );
  };
  return handle;
}

/** What the steps have learnt; a step that was done is not made again. */
interface Plan {
  done: number;
  readonly ids: Record<string, string>;
}

const volume = (name: string) => ({ name, ...PLACE, size: MiB });
const server = { name: 'server', ...PLACE, ...MACHINE, systemSize: 2 * MiB };

type Step = (provider: LocalProvider, ids: Record<string, string>, key: string) => Promise<unknown>;
const STEPS: readonly Step[] = [
  async (provider, ids, key) => (ids['a'] = (await provider.createVolume(volume('a'), { key })).id),
  async (provider, ids, key) => (ids['b'] = (await provider.createVolume(volume('b'), { key })).id),
  async (provider, ids, key) => (ids['i'] = (await provider.createInstance(server, { key })).id),
  (provider, ids, key) => provider.attachVolume(ids['a']!, { key, instance: ids['i']! }),
  (provider, ids) => provider.hold({ kind: 'volume', id: ids['a']! }, { holder: 'm', why: 'it grows' }),
  (provider, ids, key) => provider.growVolume(ids['a']!, { key, holder: 'm', size: 3 * MiB }),
  (provider, ids) => provider.release({ kind: 'volume', id: ids['a']! }, 'm'),
  (provider, ids, key) => provider.detachVolume(ids['a']!, { key }),
  (provider, ids, key) => provider.attachVolume(ids['b']!, { key, instance: ids['i']! }),
  (provider, ids, key) => provider.growVolume(ids['b']!, { key, size: 2 * MiB }),
  (provider, ids, key) => provider.deleteVolume(ids['a']!, { key }),
  (provider, ids, key) => provider.deleteInstance(ids['i']!, { key }),
];

async function runFrom(provider: LocalProvider, plan: Plan): Promise<void> {
  for (; plan.done < STEPS.length; plan.done++) await STEPS[plan.done]!(provider, plan.ids, `step ${plan.done}`);
}

async function requireFilesOf(provider: LocalProvider, folder: string): Promise<void> {
  const volumes = await provider.listVolumes();
  const instances = await provider.listInstances();
  const files = volumes.flatMap(({ id }) => [`${id}.json`, `${id}.raw`]).toSorted();
  expect(readdirSync(join(folder, 'volumes')).toSorted()).toEqual(files);
  expect(readdirSync(join(folder, 'instances'))).toEqual(instances.map(({ id }) => `${id}.json`));
  for (const { id, size } of volumes) expect(statSync(join(folder, 'volumes', `${id}.raw`)).size).toBe(size);
  for (const { unusable } of [...volumes, ...instances]) expect(unusable).toBeUndefined();
}

/** @returns whether the power was on to the end */
async function cutAfter(left: number): Promise<boolean> {
  const folder = await localFolder();
  const plan: Plan = { done: 0, ids: {} };
  {
    await using provider = await openLocal(folder);
    Object.assign(power, { left, steps: 0 });
    await runFrom(provider, plan).catch((error: Error) => expect(error.message).toBe('the power is off'));
    Object.assign(power, { left: Infinity });
  }
  const whole = plan.done === STEPS.length;
  await using provider = await openLocal(folder);
  await requireFilesOf(provider, folder);
  await runFrom(provider, plan);
  await requireFilesOf(provider, folder);
  expect(await provider.listInstances()).toEqual([]);
  const rest = { id: plan.ids['b'], ...volume('b'), size: 2 * MiB, role: 'data', state: 'available' };
  expect(await provider.listVolumes()).toEqual([rest]);
  return whole;
}

describe('the local provider, stopped before each change of the file system in turn', () => {
  it('opens with whole things only, and goes on with the step that was stopped', async () => {
    let points = 0;
    while (!(await cutAfter(points))) points++;
    expect(points).toBeGreaterThan(60);
  });
});
