import { type FileHandle, realpath } from 'node:fs/promises';
import { MiB } from '../../base/align.ts';
import { asLocalError } from '../local/local-errors.ts';
import { LocalTarget } from '../local/local-target.ts';
import { openDirect } from '../local/direct-handle.ts';
import { claim } from './claim-device.ts';
import { type DeviceFacts, readDeviceFacts } from './device-facts.ts';
import { deviceIdentity } from './device-identity.ts';

/**
 * Opens a block device as a target and claims it: neither a file system nor a second copy can take it meanwhile.
 * @throws DiskferryError `target-not-found`, `target-not-writable`, `target-in-use` (and by whom), `target-unsupported`
 */
export async function openBlockTarget(path: string): Promise<LocalTarget> {
  try {
    const device = await readDeviceFacts(path);
    const handle = await claim(path, device);
    return await asTarget(path, device, handle).catch(async (error: unknown) => {
      await handle.close();
      throw error;
    });
  } catch (error) {
    throw asLocalError(error, { label: path, verb: 'open' });
  }
}

async function asTarget(path: string, device: DeviceFacts, handle: FileHandle): Promise<LocalTarget> {
  return new LocalTarget({
    kind: 'block',
    label: path,
    identity: await deviceIdentity(path, device),
    size: device.size,
    traits: {
      align: device.logicalBlock,
      preferred: 2 * MiB,
      writers: 4,
      startsZeroed: false, // no device says so for certain
      fastZero: device.zeroesFast,
    },
    handle,
    direct: await openDirect(await realpath(path), handle),
  });
}
