import type { FileHandle } from 'node:fs/promises';
import { openTarget, type Target } from '@diskferry/engine';
import { ProviderError } from '../provider-error.ts';
import type { Folders } from './folders.ts';
import type { VolumeRecord } from './records.ts';
import { claimDisk, type DeviceVolume, lookAtDevice, refusal, replaced } from './volume-devices.ts';
import { faultOfFile, lockFile } from './volume-files.ts';

/** The disk of a volume: a file of ours, or a device of the machine. */
export async function lookAtDisk(folders: Folders, volume: VolumeRecord): Promise<{ size: number; fault?: string }> {
  if (isDevice(volume)) return await lookAtDevice(volume);
  const fault = await faultOfFile(folders, volume);
  return { size: volume.size, ...(fault === undefined ? {} : { fault }) };
}

/** For one, until the handle is closed wherever it was inherited. @throws ProviderError `volume-in-use`, `device-unusable` */
export function lockDisk(folders: Folders, volume: VolumeRecord): Promise<FileHandle> {
  return isDevice(volume) ? claimDisk(volume) : lockFile(folders, volume);
}

/** @throws ProviderError `volume-damaged`, `device-unusable` */
export async function requireSound(folders: Folders, volumes: readonly VolumeRecord[]): Promise<void> {
  for (const volume of volumes) {
    const { fault } = await lookAtDisk(folders, volume);
    if (fault === undefined) continue;
    const said = `${volume.id}: ${fault}`;
    throw isDevice(volume) ? new ProviderError('device-unusable', said) : new ProviderError('volume-damaged', said);
  }
}

/** @throws ProviderError `volume-in-use`, `device-unusable`, and what the engine says of a file */
export async function openDisk(folders: Folders, volume: VolumeRecord, signal?: AbortSignal): Promise<Target> {
  // A file may be longer than recorded: the lock cuts it.
  if (!isDevice(volume)) await (await lockFile(folders, volume)).close();
  const path = isDevice(volume) ? volume.device.path : folders.disk(volume.id);
  const options = signal === undefined ? {} : { signal };
  const target = await openTarget({ kind: 'path', path }, options).catch((error: unknown) => {
    throw refusal(error, volume);
  });
  if (!isDevice(volume) || target.identity === `block:${volume.device.name}:${target.size}`) return target;
  await target[Symbol.asyncDispose]();
  throw replaced(volume);
}

export function isDevice(volume: VolumeRecord): volume is DeviceVolume {
  return volume.device !== undefined;
}
