import { type FileHandle, constants, open, realpath } from 'node:fs/promises';
import { MiB } from '../../base/align.ts';
import { DiskferryError, systemCode } from '../../base/errors.ts';
import { asLocalError } from '../local/local-errors.ts';
import { LocalTarget } from '../local/local-target.ts';
import { openDirect } from '../local/direct-handle.ts';
import { type DeviceFacts, readDeviceFacts } from './device-facts.ts';
import { deviceIdentity } from './device-identity.ts';
import { deviceUsers } from './device-users.ts';

/**
 * Opens a block device as a target and claims it: neither a file system nor a second copy can take it meanwhile.
 * @throws DiskferryError `target-not-found`, `target-not-writable`, `target-in-use` (and by whom), `target-unsupported`
 */
export async function openBlockTarget(path: string): Promise<LocalTarget> {
  try {
    const device = await readDeviceFacts(path);
    if (device.readOnly) throw new DiskferryError('target-not-writable', `${path} is a read-only device`);
    const handle = await claim(path, device);
    return await asTarget(path, device, handle).catch(async (error: unknown) => {
      await handle.close();
      throw error;
    });
  } catch (error) {
    throw asLocalError(error, { label: path, verb: 'open' });
  }
}

/** O_EXCL without O_CREAT on a block device means: only if nobody else claims it (open(2)). */
async function claim(path: string, device: DeviceFacts): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDWR | constants.O_EXCL | constants.O_NONBLOCK);
  } catch (error) {
    if (systemCode(error) !== 'EBUSY') throw error;
    const users = await deviceUsers(device);
    const who = users.length === 0 ? 'another program has it open' : users.join(', ');
    throw new DiskferryError('target-in-use', `${path} is in use: ${who}`, { cause: error });
  }
  const stat = await handle.stat();
  if (stat.isBlockDevice() && (await readDeviceFacts(path)).number === device.number) return handle;
  await handle.close();
  throw new DiskferryError('target-unsupported', `${path} became another file while it was opened`);
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
