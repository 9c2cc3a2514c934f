import { randomUUID } from 'node:crypto';
import { mkdir, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hasLoopDevices, type LoopDevice, loopDevice } from '../../engine/testing/loop-device.ts';
import { hasTool, run } from '../../engine/testing/tools.ts';
import { localFolder } from './local-scene.ts';

export { addPartition, type LoopDevice, loopDevice } from '../../engine/testing/loop-device.ts';

/** Devices of the machine, for tests: loop devices, where root may make them. */
const root = await localFolder();
export const HAS_DEVICES = await hasLoopDevices(root);
export const CAN_MOUNT = hasTool('mkfs.ext4') && hasTool('mount');
/** No multiple of what the provider gives to its own volumes. */
export const DEVICE_SIZE = 4 * 2 ** 20 + 512;

export async function blankFile(): Promise<string> {
  const path = join(root, `blank-${randomUUID()}`);
  await writeFile(path, '');
  await truncate(path, DEVICE_SIZE);
  return path;
}

export async function aDevice(): Promise<LoopDevice> {
  return loopDevice(await blankFile());
}

/** A file system on the device, mounted until it is disposed. */
export async function mounted(device: string): Promise<AsyncDisposable & { readonly place: string }> {
  await run('mkfs.ext4', ['-q', device]);
  const place = join(root, `place-${randomUUID()}`);
  await mkdir(place);
  await run('mount', [device, place]);
  return { place, [Symbol.asyncDispose]: async () => void (await run('umount', [place])) };
}
