import { type FileHandle, constants, open } from 'node:fs/promises';
import { DiskferryError, systemCode } from '../../base/errors.ts';
import { asLocalError } from '../local/local-errors.ts';
import { type DeviceFacts, readDeviceFacts } from './device-facts.ts';
import { deviceUsers } from './device-users.ts';

/**
 * Opens the device for one: no file system, no copy and no other claim gets it or the disk that it is a part of. The claim
 * belongs to the open file: it ends with the last process that has it, also one that inherited it.
 * @throws DiskferryError `target-not-found`, `target-not-writable`, `target-in-use` (and by whom), `target-unsupported`
 */
export async function claimDevice(path: string): Promise<FileHandle> {
  try {
    return await claim(path, await readDeviceFacts(path));
  } catch (error) {
    throw asLocalError(error, { label: path, verb: 'open' });
  }
}

/** O_EXCL without O_CREAT on a block device means: only if nobody else claims it (open(2)). */
export async function claim(path: string, device: DeviceFacts): Promise<FileHandle> {
  if (device.readOnly) throw new DiskferryError('target-not-writable', `${path} is a read-only device`);
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDWR | constants.O_EXCL | constants.O_NONBLOCK);
  } catch (error) {
    if (systemCode(error) !== 'EBUSY') throw error;
    const users = await deviceUsers(device);
    const who = users.length === 0 ? 'another program has it open' : users.join(', ');
    throw new DiskferryError('target-in-use', `${path} is in use: ${who}`, { cause: error });
  }
  try {
    const stat = await handle.stat();
    if (stat.isBlockDevice() && (await readDeviceFacts(path)).number === device.number) return handle;
    throw new DiskferryError('target-unsupported', `${path} became another file while it was opened`);
  } catch (error) {
    await handle.close();
    throw error;
  }
}
