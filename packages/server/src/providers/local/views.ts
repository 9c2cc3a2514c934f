import type { Instance, Volume } from '../provider.ts';
import type { Cloud } from './cloud.ts';
import { lookAtDisk } from './disks.ts';
import type { InstanceRecord, VolumeRecord } from './records.ts';

/** Records as others see them, with what the disk and the process say at this moment. */
export async function volumeView({ book }: Cloud, record: VolumeRecord): Promise<Volume> {
  const { id, name, region, zone, role, attachment, heldBy } = record;
  const state = attachment === undefined ? 'available' : 'attached';
  const { size, fault: unusable } = await lookAtDisk(book.folders, record);
  const device = record.device && { path: record.device.path, name: record.device.name };
  return { id, name, region, zone, size, role, state, ...defined({ device, attachment, heldBy, unusable }) };
}

export async function instanceView({ book, guests, changing }: Cloud, record: InstanceRecord): Promise<Instance> {
  const { id, name, region, zone, firmware, cpus, memory, systemVolume, heldBy } = record;
  const state = changing.has(id) ? 'changing' : (await guests.isAlive(record.guest)) ? 'running' : 'stopped';
  const dataVolumes = book.volumesOf(id).flatMap(({ id, role }) => (role === 'data' ? [id] : []));
  const system = book.has({ kind: 'volume', id: systemVolume }) ? book.volume(systemVolume) : undefined;
  const fault = system === undefined ? 'it is gone' : (await lookAtDisk(book.folders, system)).fault;
  const unusable = fault === undefined ? undefined : `system volume ${systemVolume}: ${fault}`;
  const machine = { firmware, cpus, memory };
  return { id, name, region, zone, ...machine, state, systemVolume, dataVolumes, ...defined({ heldBy, unusable }) };
}

/** Only what is there: a view is compared and sent as JSON. */
function defined<Fields extends object>(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Fields;
}
