import { stat } from 'node:fs/promises';
import { DiskferryError } from '../../base/errors.ts';
import { asLocalError } from '../local/local-errors.ts';
import { fact, readDeviceFacts } from './device-facts.ts';
import { deviceName } from './device-identity.ts';
import { deviceUsers } from './device-users.ts';

/** A block device as somebody sees it who does not open it. */
export interface DeviceDescription {
  /** Stable over restarts of the machine and over growing, other for another disk. */
  readonly name: string;
  readonly size: number;
  /** `8:1`, of this boot of the machine; `disk` is that of the whole disk, the same where it is no partition. */
  readonly number: string;
  readonly disk: string;
  readonly readOnly: boolean;
  /** Who uses it, one phrase each: `/dev/sda1 is mounted at /boot`. Claims without a file system are not seen. */
  readonly users: readonly string[];
}

/** @throws DiskferryError `target-not-found`, `target-unsupported` where it is no block device */
export async function describeDevice(path: string): Promise<DeviceDescription> {
  try {
    if (!(await stat(path)).isBlockDevice())
      throw new DiskferryError('target-unsupported', `${path} is no block device`);
    const facts = await readDeviceFacts(path);
    const { number, size, readOnly } = facts;
    const disk = (await fact(facts.diskFolder, 'dev')) ?? number;
    return { name: await deviceName(path, facts), size, number, disk, readOnly, users: await deviceUsers(facts) };
  } catch (error) {
    throw asLocalError(error, { label: path, verb: 'open' });
  }
}
