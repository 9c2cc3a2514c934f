import { readFile, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SECTOR } from '../../base/align.ts';
import { DiskferryError } from '../../base/errors.ts';

/** What sysfs tells about a block device (Documentation/ABI/stable/sysfs-block of the kernel). */
export interface DeviceFacts {
  /** `sda1`, `vdb`, `loop0`: the kernel's name, which may be another one after a reboot. */
  readonly name: string;
  /** `8:1` */
  readonly number: string;
  readonly size: number;
  readonly logicalBlock: number;
  readonly readOnly: boolean;
  /** The device zeroes ranges by itself, and no disk arm has to move for it. */
  readonly zeroesFast: boolean;
  /** The folder of the device and the folder of the whole disk; the same where it is no partition. */
  readonly folder: string;
  readonly diskFolder: string;
  readonly partition: string | undefined;
}

/** @throws DiskferryError `target-unsupported` where sysfs does not know the device */
export async function readDeviceFacts(path: string): Promise<DeviceFacts> {
  const { rdev } = await stat(path, { bigint: true });
  const number = deviceNumber(rdev);
  const folder = await realpath(`/sys/dev/block/${number}`).catch(() => undefined);
  const sectors = folder === undefined ? undefined : await fact(folder, 'size');
  if (folder === undefined || sectors === undefined) {
    throw new DiskferryError('target-unsupported', `${path} is block device ${number}, which /sys does not know`);
  }
  const partition = await fact(folder, 'partition');
  const diskFolder = partition === undefined ? folder : join(folder, '..');
  const zeroBytes = Number((await fact(diskFolder, 'queue/write_zeroes_max_bytes')) ?? 0);
  return {
    name: basename(folder),
    number,
    size: Number(sectors) * SECTOR,
    logicalBlock: Number((await fact(diskFolder, 'queue/logical_block_size')) ?? SECTOR),
    readOnly: (await fact(folder, 'ro')) === '1',
    zeroesFast: zeroBytes > 0 && (await fact(diskFolder, 'queue/rotational')) !== '1',
    folder,
    diskFolder,
    partition,
  };
}

/** A file of sysfs, trimmed; undefined where there is none, or it says nothing. */
export async function fact(folder: string, name: string): Promise<string | undefined> {
  const text = await readFile(join(folder, name), 'latin1').catch(() => '');
  return text.trim() === '' ? undefined : text.trim();
}

export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder).catch(() => [])).toSorted();
}

/** Major and minor as Linux packs them into 64 bits (makedev(3)). */
function deviceNumber(rdev: bigint): string {
  const major = ((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & ~0xfffn);
  const minor = (rdev & 0xffn) | ((rdev >> 12n) & ~0xffn);
  return `${major}:${minor}`;
}
