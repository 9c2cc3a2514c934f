import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { type DeviceFacts, fact, namesIn } from './device-facts.ts';

/** Who uses the device or a partition of it, one phrase each: `/dev/sda1 is mounted at /boot`. For people. */
export async function deviceUsers(device: DeviceFacts): Promise<string[]> {
  const parts = await deviceAndPartitions(device);
  const users: string[] = [];
  const mounts = await text('/proc/self/mountinfo');
  const swaps = await swapDevices();
  for (const part of parts) {
    for (const place of mountPoints(mounts, part.number)) users.push(`/dev/${part.name} is mounted at ${place}`);
    if (swaps.has(`/dev/${part.name}`)) users.push(`/dev/${part.name} is swap`);
    for (const holder of await namesIn(join(part.folder, 'holders'))) {
      const mapped = await fact(part.folder, `holders/${holder}/dm/name`);
      users.push(`/dev/${part.name} is part of /dev/${mapped === undefined ? holder : `mapper/${mapped}`}`);
    }
  }
  return users;
}

interface Part {
  readonly name: string;
  readonly number: string;
  readonly folder: string;
}

async function deviceAndPartitions(device: DeviceFacts): Promise<Part[]> {
  const parts: Part[] = [device];
  for (const name of await namesIn(device.folder)) {
    const folder = join(device.folder, name);
    const number = (await fact(folder, 'partition')) === undefined ? undefined : await fact(folder, 'dev');
    if (number !== undefined) parts.push({ name, number, folder });
  }
  return parts;
}

/** The third field is the device, the fifth the place (proc(5)); blanks in names are written \040. */
function mountPoints(mounts: string, number: string): string[] {
  return mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter((fields) => fields[2] === number)
    .map((fields) =>
      (fields[4] ?? '').replaceAll(/\\([0-7]{3})/g, (_, code) => String.fromCharCode(parseInt(code, 8))),
    );
}

async function swapDevices(): Promise<ReadonlySet<string>> {
  const lines = (await text('/proc/swaps')).split('\n').slice(1);
  const names = lines.map((line) => line.split(/\s/)[0] ?? '').filter((name) => name !== '');
  return new Set(await Promise.all(names.map((name) => realpath(name).catch(() => name))));
}

function text(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}
