import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { ProviderError } from '../provider-error.ts';
import type { Act, Instance, NewInstance } from '../provider.ts';
import { type Cloud, change, requirePlace } from './cloud.ts';
import { attempt } from './durable.ts';
import { callOf, doneBefore, requireFree, requireKey, requireText, requireWithin } from './guard.ts';
import { dropRemains } from './sweep.ts';
import { instanceView } from './views.ts';
import { makeFile } from './volume-files.ts';
import { newId, requireSize, requireStopped } from './volumes.ts';

const MiB = 2 ** 20;

/** The record of the instance is the last one written: without it, the sweep takes its system volume away again. */
export function createInstance(cloud: Cloud, wanted: NewInstance, act: Act): Promise<Instance> {
  return change(cloud, act.signal, async () => {
    const { name, region, zone, firmware, cpus, memory, systemSize } = wanted;
    const what = callOf('createInstance', { name, region, zone, firmware, cpus, memory, systemSize });
    const made = doneBefore(cloud.book, act, { what });
    if (made !== undefined) return instanceView(cloud, cloud.book.instance(made.id));
    requireMachine(wanted);
    requirePlace(cloud, wanted);
    const id = newId('instance');
    const systemVolume = newId('volume');
    const placed = { version: 1, name, region, zone } as const;
    await makeFile(cloud.book.folders.disk(systemVolume), systemSize);
    const attachment = { instance: id, slot: 0 };
    const system = {
      ...placed,
      id: systemVolume,
      size: systemSize,
      role: 'system',
      attachment,
      operations: [],
    } as const;
    await cloud.book.putVolume(system);
    const operations = [{ key: act.key, what }];
    const machine = { firmware, cpus, memory, uuid: randomUUID(), systemVolume };
    return instanceView(cloud, await cloud.book.putInstance({ ...placed, id, ...machine, operations }));
  });
}

/** Done when the record is gone; what it leaves is then taken away, here or by the sweep. */
export function deleteInstance(cloud: Cloud, id: string, act: Act): Promise<void> {
  return change(cloud, act.signal, async () => {
    requireKey(act);
    const { book } = cloud;
    if (!book.has({ kind: 'instance', id })) return;
    requireFree([book.instance(id), ...book.volumesOf(id)], act.holder);
    await requireStopped(cloud, id);
    await book.removeInstance(id);
    await dropRemains(book);
    const folder = book.folders.guest(id);
    await attempt(folder, () => rm(folder, { recursive: true, force: true }));
  });
}

function requireMachine({ name, firmware, cpus, memory, systemSize }: NewInstance): void {
  requireText('the name', name);
  requireSize(systemSize);
  requireWithin('the number of processors', cpus, [1, 64, 1]);
  requireWithin('the memory', memory, [16 * MiB, 1024 * 1024 * MiB, MiB]);
  if (firmware === 'bios' || firmware === 'uefi') return;
  throw new ProviderError('request-invalid', `the firmware is ${JSON.stringify(firmware)}; bios or uefi is allowed`);
}
