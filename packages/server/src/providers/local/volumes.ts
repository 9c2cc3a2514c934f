import { randomBytes } from 'node:crypto';
import type { Target } from '@diskferry/engine';
import { ProviderError } from '../provider-error.ts';
import type { Act, NewVolume, Ref, Volume } from '../provider.ts';
import { type Cloud, change, LIMITS, requirePlace } from './cloud.ts';
import { isDevice, lockDisk, lookAtDisk, openDisk, requireSound } from './disks.ts';
import { callOf, doneBefore, requireFree, requireKey, requireText, requireWithin, withInstance } from './guard.ts';
import { type VolumeRecord, withOperation } from './records.ts';
import { dropVolume } from './sweep.ts';
import { volumeView } from './views.ts';
import { growFile, makeFile } from './volume-files.ts';

export function createVolume(cloud: Cloud, wanted: NewVolume, act: Act): Promise<Volume> {
  return change(cloud, act.signal, async () => {
    const { name, region, zone, size } = wanted;
    const what = callOf('createVolume', { name, region, zone, size });
    const made = doneBefore(cloud.book, act, { what });
    if (made !== undefined) return volumeView(cloud, cloud.book.volume(made.id));
    requireText('the name', name);
    requireSize(size);
    requirePlace(cloud, wanted);
    const id = newId('volume');
    await makeFile(cloud.book.folders.disk(id), size);
    const operations = [{ key: act.key, what }];
    const record = { version: 1, id, name, region, zone, size, role: 'data', operations } as const;
    return volumeView(cloud, await cloud.book.putVolume(record));
  });
}

/** The file grows first: a record never promises more than there is. */
export function growVolume(cloud: Cloud, id: string, act: Act & { readonly size: number }): Promise<Volume> {
  return changeVolume(cloud, id, { act, name: 'growVolume', asked: { size: act.size } }, async (record) => {
    requireSize(act.size);
    requireFile(record);
    if (act.size < record.size) {
      throw new ProviderError('volume-shrinks', `${id} has ${record.size} bytes, more than ${act.size}`);
    }
    await requireStopped(cloud, record.attachment?.instance);
    await requireSound(cloud.book.folders, [record]);
    await growFile(cloud.book.folders, record, act.size);
    return { ...record, size: act.size };
  });
}

export function attachVolume(cloud: Cloud, id: string, act: Act & { readonly instance: string }): Promise<Volume> {
  const { instance } = act;
  return changeVolume(cloud, id, { act, name: 'attachVolume', asked: { instance } }, async (record) => {
    requireData(record);
    const owner = cloud.book.instance(instance);
    requireFree([owner], act.holder);
    if (record.attachment?.instance === instance) return record;
    if (record.attachment !== undefined) {
      throw new ProviderError('volume-attached', `${id} is attached to ${record.attachment.instance}`);
    }
    if (record.zone !== owner.zone || record.region !== owner.region) {
      const places = `${record.region}/${record.zone}, and ${instance} in ${owner.region}/${owner.zone}`;
      throw new ProviderError('zone-differs', `${id} is in ${places}`);
    }
    await requireStopped(cloud, instance);
    await requireSound(cloud.book.folders, [record]);
    return { ...record, attachment: { instance, slot: freeSlot(cloud, instance) } };
  });
}

export function detachVolume(cloud: Cloud, id: string, act: Act): Promise<Volume> {
  return changeVolume(cloud, id, { act, name: 'detachVolume', asked: {} }, async (record) => {
    requireData(record);
    await requireStopped(cloud, record.attachment?.instance);
    return { ...record, attachment: undefined };
  });
}

export function deleteVolume(cloud: Cloud, id: string, act: Act): Promise<void> {
  return change(cloud, act.signal, async () => {
    requireKey(act);
    if (!cloud.book.has({ kind: 'volume', id })) return;
    const record = cloud.book.volume(id);
    requireFree(withInstance(cloud.book, record), act.holder);
    requireData(record);
    if (record.attachment !== undefined) {
      throw new ProviderError('volume-attached', `${id} is attached to ${record.attachment.instance}`);
    }
    if (record.device?.listed === true) requireFile(record);
    // A damaged disk may be gone, and what is gone cannot be locked.
    const { fault } = await lookAtDisk(cloud.book.folders, record);
    await using _lock = fault === undefined ? await lockDisk(cloud.book.folders, record) : undefined;
    await dropVolume(cloud.book, id);
  });
}

export function openVolume(cloud: Cloud, id: string, how: { holder?: string; signal?: AbortSignal }): Promise<Target> {
  return change(cloud, how.signal, async () => {
    const record = cloud.book.volume(id);
    requireFree(withInstance(cloud.book, record), how.holder);
    await requireStopped(cloud, record.attachment?.instance);
    await requireSound(cloud.book.folders, [record]);
    return await openDisk(cloud.book.folders, record, how.signal);
  });
}

interface Call {
  readonly act: Act;
  readonly name: string;
  readonly asked: object;
}

function changeVolume(
  cloud: Cloud,
  id: string,
  { act, name, asked }: Call,
  work: (record: VolumeRecord) => Promise<VolumeRecord>,
): Promise<Volume> {
  return change(cloud, act.signal, async () => {
    const record = cloud.book.volume(id);
    const what = callOf(name, asked);
    const ref: Ref = { kind: 'volume', id };
    if (doneBefore(cloud.book, act, { what, ref }) !== undefined) return volumeView(cloud, record);
    requireFree(withInstance(cloud.book, record), act.holder);
    const changed = withOperation(await work(record), { key: act.key, what });
    return volumeView(cloud, await cloud.book.putVolume(changed));
  });
}

export function requireSize(size: number): void {
  requireWithin('the size', size, [LIMITS.minSize, LIMITS.maxSize, LIMITS.sizeStep]);
}

export function newId(kind: Ref['kind']): string {
  return `${kind === 'volume' ? 'v' : 'i'}-${randomBytes(8).toString('hex')}`;
}

/** @throws ProviderError `instance-running` */
export async function requireStopped({ book, guests }: Cloud, instance: string | undefined): Promise<void> {
  if (instance === undefined || !(await guests.isAlive(book.instance(instance).guest))) return;
  throw new ProviderError('instance-running', `${instance} runs`);
}

/** @throws ProviderError `volume-is-device` */
function requireFile(volume: VolumeRecord): void {
  if (!isDevice(volume)) return;
  throw new ProviderError(
    'volume-is-device',
    `${volume.id} is ${volume.device.path}, as the administrator has listed it`,
  );
}

function requireData({ id, role, attachment }: VolumeRecord): void {
  if (role === 'data') return;
  throw new ProviderError('volume-is-system', `${id} is the system volume of ${attachment?.instance}`);
}

function freeSlot({ book }: Cloud, instance: string): number {
  const taken = new Set(book.volumesOf(instance).map(({ attachment }) => attachment?.slot));
  for (let slot = 1; slot <= LIMITS.dataVolumes; slot++) if (!taken.has(slot)) return slot;
  throw new ProviderError(
    'attachments-full',
    `${instance} has ${LIMITS.dataVolumes} data volumes, and no slot is free`,
  );
}
