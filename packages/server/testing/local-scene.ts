import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { tempFolder } from '../../engine/testing/temp.ts';
import { toolPath } from '../../engine/testing/tools.ts';
import { bootSector } from '../src/providers/local/guest/boot-sector.ts';
import type { LocalProvider } from '../src/providers/local/local-provider.ts';
import type { Bootable } from './guest-conformance.ts';
import { MACHINE, openLocal, PLACE } from './local-cloud.ts';
import type { ProviderUnderTest } from './provider-conformance.ts';

export const QEMU = toolPath('qemu-system-x86_64');

export const LOCAL_BOOT: Bootable = {
  needs: '[needs qemu-system-x86_64]',
  here: QEMU !== undefined,
  content: bootSector,
};

const root = await tempFolder();

/** An empty data folder that is removed after the test file. */
export function localFolder(): Promise<string> {
  return mkdtemp(join(root, 'local-'));
}

/** A provider in a folder of its own, whose service can be restarted. Guests that a test left are stopped. */
export async function localScene(): Promise<ProviderUnderTest & { readonly folder: string; provider: LocalProvider }> {
  const folder = await localFolder();
  const scene = {
    folder,
    provider: await openLocal(folder),
    place: PLACE,
    elsewhere: { ...PLACE, zone: 'east-2' },
    machine: MACHINE,
    reopen: async () => {
      await scene.provider[Symbol.asyncDispose]();
      return (scene.provider = await openLocal(folder));
    },
    dispose: async () => {
      await stopAll(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
  return scene;
}

async function stopAll(folder: string): Promise<void> {
  await using provider = await openLocal(folder);
  for (const { id, state, heldBy } of await provider.listInstances()) {
    const act = { key: `stop ${id}`, ...(heldBy === undefined ? {} : { holder: heldBy.holder }) };
    if (state === 'running') await provider.stopInstance(id, { ...act, graceMs: 0 });
  }
}
