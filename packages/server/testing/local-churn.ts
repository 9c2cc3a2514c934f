import { writeSync } from 'node:fs';
import { seededRandom } from '../../engine/testing/seeded.ts';
import type { LocalProvider } from '../src/providers/local/local-provider.ts';
import { MACHINE, MiB, openLocal, PLACE } from './local-cloud.ts';

/**
 * `local-churn.ts FOLDER SEED`: makes, attaches, grows and deletes until it is killed. Each call is announced on standard
 * output before it is made, and confirmed after it: what is confirmed must be there after the kill.
 */
export type Call =
  | { readonly do: 'createVolume' | 'createInstance'; readonly key: string }
  | { readonly do: 'deleteVolume' | 'deleteInstance' | 'detachVolume'; readonly key: string; readonly id: string }
  | { readonly do: 'growVolume'; readonly key: string; readonly id: string; readonly size: number }
  | { readonly do: 'attachVolume'; readonly key: string; readonly id: string; readonly instance: string };

export interface Line {
  readonly call: Call;
  /** Undefined: it is about to be made. */
  readonly done?: { readonly id?: string };
}

export async function make(provider: LocalProvider, call: Call): Promise<{ readonly id?: string }> {
  const { key } = call;
  switch (call.do) {
    case 'createVolume':
      return await provider.createVolume({ name: 'volume', ...PLACE, size: MiB }, { key });
    case 'createInstance':
      return await provider.createInstance({ name: 'server', ...PLACE, ...MACHINE, systemSize: 2 * MiB }, { key });
    case 'growVolume':
      return await provider.growVolume(call.id, { key, size: call.size });
    case 'attachVolume':
      return await provider.attachVolume(call.id, { key, instance: call.instance });
    case 'detachVolume':
      return await provider.detachVolume(call.id, { key });
    case 'deleteVolume':
      await provider.deleteVolume(call.id, { key });
      return {};
    case 'deleteInstance':
      await provider.deleteInstance(call.id, { key });
      return {};
  }
}

async function next(provider: LocalProvider, { key, random }: { key: string; random: () => number }): Promise<Call> {
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const volumes = (await provider.listVolumes()).filter(({ role }) => role === 'data');
  const instances = await provider.listInstances();
  const volume = pick(volumes);
  const instance = pick(instances);
  const what = random();
  if (volume === undefined || (what < 0.25 && volumes.length < 12)) return { do: 'createVolume', key };
  if (instance === undefined || (what < 0.4 && instances.length < 6)) return { do: 'createInstance', key };
  if (what < 0.5) return { do: 'deleteInstance', key, id: instance.id };
  if (what < 0.65) return { do: 'growVolume', key, id: volume.id, size: volume.size + MiB };
  if (volume.state === 'attached') return { do: 'detachVolume', key, id: volume.id };
  if (what < 0.85) return { do: 'attachVolume', key, id: volume.id, instance: instance.id };
  return { do: 'deleteVolume', key, id: volume.id };
}

if (import.meta.main) {
  const [folder = '', seed = ''] = process.argv.slice(2);
  const say = (line: Line): unknown => writeSync(1, `${JSON.stringify(line)}\n`);
  const provider = await openLocal(folder);
  const random = seededRandom(Number(seed));
  for (let count = 0; ; count++) {
    const call = await next(provider, { key: `${seed}.${count}`, random });
    say({ call });
    const { id } = await make(provider, call);
    say({ call, done: id === undefined ? {} : { id } });
  }
}
