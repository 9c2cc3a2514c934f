import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { type DeviceFacts, fact, namesIn } from './device-facts.ts';

const BY_ID = '/dev/disk/by-id';
/** These name what was written onto the disk and not the disk: a copy changes them. */
const NAMES_OF_CONTENT = /^(lvm-pv-uuid|md-|dm-name)/;

/** What a checkpoint is bound to: a disk that was grown is another target. */
export async function deviceIdentity(path: string, device: DeviceFacts): Promise<string> {
  return `block:${await deviceName(path, device)}:${device.size}`;
}

/**
 * A name of the disk that survives a reboot, where its numbers and its letter do not: what udev calls it, what its
 * maker calls it, what it is made of; only where all of that is missing its path.
 */
export async function deviceName(path: string, device: DeviceFacts): Promise<string> {
  const name = (await nameByUdev(path)) ?? (await nameByMaker(device)) ?? (await nameByMakeup(device));
  return name ?? `path:${await realpath(path)}`;
}

async function nameByUdev(path: string): Promise<string | undefined> {
  const device = await realpath(path);
  const names: string[] = [];
  for (const name of await namesIn(BY_ID)) {
    const meant = await realpath(`${BY_ID}/${name}`).catch(() => undefined);
    if (meant === device && !NAMES_OF_CONTENT.test(name)) names.push(name);
  }
  return names.find((name) => /^(wwn-|nvme-eui\.)/.test(name)) ?? names[0];
}

async function nameByMaker(device: DeviceFacts): Promise<string | undefined> {
  const part = device.partition === undefined ? '' : `-part${device.partition}`;
  for (const where of ['wwid', 'device/wwid', 'serial', 'device/serial']) {
    const name = await fact(device.diskFolder, where);
    if (name !== undefined) return `${where.replace('device/', '')}-${name.replaceAll(/\s+/g, '_')}${part}`;
  }
  return undefined;
}

/** A mapped device has a uuid of its mapping, a loop device the name of its file. */
async function nameByMakeup(device: DeviceFacts): Promise<string | undefined> {
  const part = device.partition === undefined ? '' : `-part${device.partition}`;
  const mapping = await fact(device.diskFolder, 'dm/uuid');
  if (mapping !== undefined) return `dm-${mapping}${part}`;
  const file = await fact(device.diskFolder, 'loop/backing_file');
  const offset = await fact(device.diskFolder, 'loop/offset');
  return file === undefined ? undefined : `loop-${basename(file)}-${file}-${offset ?? 0}${part}`;
}
