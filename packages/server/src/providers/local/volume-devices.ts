import type { FileHandle } from 'node:fs/promises';
import { claimDevice, describeDevice, DiskferryError } from '@diskferry/engine';
import { ProviderError } from '../provider-error.ts';
import type { DeviceRecord, VolumeRecord } from './records.ts';

/**
 * A device of the machine as a disk: it is claimed where a file is locked (an exclusive open, which the kernel also refuses
 * to file systems and to the partitions of the disk), and the claim is inherited in the same way.
 */
export type DeviceVolume = VolumeRecord & { readonly device: DeviceRecord };

/** The size that it has now, the last known one where it cannot be seen; and what forbids to use it. */
export async function lookAtDevice({ device, size }: DeviceVolume): Promise<{ size: number; fault?: string }> {
  const { path, name, listed } = device;
  if (!listed) return { size, fault: `${path} is not among the devices of the configuration any more` };
  const seen = await described(path);
  if (typeof seen === 'string') return { size, fault: `its device is gone: ${seen}` };
  if (seen.size === 0) return { size, fault: `its device is gone: ${path} is empty` };
  if (seen.name !== name) return { size, fault: `${path} is another device now: ${seen.name}, and not ${name}` };
  const faults = [...(seen.readOnly ? [`${path} is read-only`] : []), ...seen.users];
  return faults.length === 0 ? { size: seen.size } : { size: seen.size, fault: faults.join(', ') };
}

async function described(path: string) {
  try {
    return await describeDevice(path);
  } catch (error) {
    if (error instanceof DiskferryError) return error.message;
    throw error;
  }
}

/** @throws ProviderError `volume-in-use`, `device-unusable` */
export async function claimDisk(volume: DeviceVolume): Promise<FileHandle> {
  const { device } = volume;
  const handle = await claimDevice(device.path).catch((error: unknown) => {
    throw refusal(error, volume);
  });
  // Between the look and the claim another device may have got the path.
  const { name } = await describeDevice(device.path).catch(() => ({ name: 'gone' }));
  if (name === device.name) return handle;
  await handle.close();
  throw replaced(volume);
}

export function replaced({ id, device }: DeviceVolume): ProviderError {
  return new ProviderError('device-unusable', `${id}: ${device.path} became another device while it was opened`);
}

/** What the engine said, as an error of providers where it is about the place and not about a file. */
export function refusal(error: unknown, { id, device }: VolumeRecord): unknown {
  if (!(error instanceof DiskferryError)) return error;
  const said = `${id}: ${error.message}`;
  if (error.code === 'target-in-use') return new ProviderError('volume-in-use', said, { cause: error });
  return device === undefined ? error : new ProviderError('device-unusable', said, { cause: error });
}
