import { createHash } from 'node:crypto';
import { isAbsolute } from 'node:path';
import { describeDevice, type DeviceDescription, DiskferryError } from '@diskferry/engine';
import { ProviderError } from '../provider-error.ts';
import type { Region } from '../provider.ts';
import type { Book } from './book.ts';
import { requirePlace } from './cloud.ts';
import { requireText } from './guard.ts';
import type { VolumeRecord } from './records.ts';

/** A device of the machine that the administrator gives as a data volume. */
export interface ListedDevice {
  /** Best a name that stays: `/dev/disk/by-id/…`, `/dev/vg/lv`. */
  readonly path: string;
  readonly name: string;
  /** The first ones where they are not given. */
  readonly region?: string | undefined;
  readonly zone?: string | undefined;
}

/**
 * Makes the records of devices agree with the list, when the folder is opened. The id comes from the name of the device
 * itself: it stays when the path changes, when the entry is taken away and comes again, and for all services.
 *
 * - What can never be right is refused: no block device, one that is listed twice, a partition of one that is listed.
 * - What is not there yet, or is mounted, is for later: a volume that is known stays and is unusable, and one that was never
 *   seen appears when the folder is opened with it.
 * - An entry at whose path another device lies stays the volume that it was, unusable, while that is attached or held and
 *   found nowhere else: a disk may show itself under another name when the machine is just starting, and under a second id
 *   it would be free for a second writer.
 * - A record that is not listed any more goes, unless it is attached or held: then it stays, unusable, and can be deleted.
 * @throws ProviderError `device-refused`, `zone-unknown`, `request-invalid`
 */
export async function adoptDevices(
  book: Book,
  { devices, regions }: { readonly devices: readonly ListedDevice[]; readonly regions: readonly Region[] },
): Promise<void> {
  const places = devices.map((device) => placeOf(device, regions));
  const descriptions = await Promise.all(devices.map(({ path }) => seen(path)));
  const present = devices.flatMap((device, index) => {
    const [description, place] = [descriptions[index], places[index]];
    return description === undefined || place === undefined ? [] : [{ ...device, ...place, description }];
  });
  requireApart(present);
  const found = new Set(present.map(({ description }) => idOf(description.name)));
  const missed = book.volumes.filter((volume) => volume.device !== undefined && !found.has(volume.id));
  const taken = new Set(missed.filter((volume) => !isFree(volume)).map(({ device }) => device?.path));
  const adopted = present.filter(({ path }) => !taken.has(path));
  for (const device of adopted) await adopt(book, device);
  const kept = new Set(devices.map(({ path }) => path));
  for (const { path } of adopted) kept.delete(path);
  for (const volume of missed) await leave(book, volume, kept.has(volume.device?.path ?? ''));
}

function isFree({ attachment, heldBy }: VolumeRecord): boolean {
  return attachment === undefined && heldBy === undefined;
}

type Present = ListedDevice & {
  readonly region: string;
  readonly zone: string;
  readonly description: DeviceDescription;
};

function placeOf({ name, path, region, zone }: ListedDevice, regions: readonly Region[]) {
  requireText(`the name of ${path}`, name);
  const chosen = region === undefined ? regions[0] : regions.find((one) => one.name === region);
  const place = { region: region ?? chosen?.name ?? '', zone: zone ?? chosen?.zones[0] ?? '' };
  requirePlace({ regions }, place);
  return place;
}

/** Undefined where nothing is there now: a disk that is not plugged in, a reader without a medium. */
async function seen(path: string): Promise<DeviceDescription | undefined> {
  if (!isAbsolute(path)) throw refused(`${path} is no absolute path`);
  try {
    const found = await describeDevice(path);
    return found.size === 0 ? undefined : found;
  } catch (error) {
    if (!(error instanceof DiskferryError)) throw error;
    if (error.code === 'target-not-found') return undefined;
    throw refused(error.message, error);
  }
}

/** One disk under two ids would have two writers that do not know of each other. */
function requireApart(devices: readonly Present[]): void {
  for (const [index, one] of devices.entries()) {
    for (const other of devices.slice(index + 1)) {
      const [a, b] = [one.description, other.description];
      if (a.number === b.number || a.name === b.name)
        throw refused(`${one.path} and ${other.path} are the same device`);
      const isPart = a.disk === b.disk && (a.number === a.disk || b.number === b.disk);
      if (isPart) throw refused(`one of ${one.path} and ${other.path} is a partition of the other`);
    }
  }
}

async function adopt(book: Book, { name, region, zone, path, description }: Present): Promise<void> {
  const id = idOf(description.name);
  const known = book.has({ kind: 'volume', id }) ? book.volume(id) : undefined;
  const place = known?.attachment === undefined ? { region, zone } : { region: known.region, zone: known.zone };
  const { size } = description;
  const device = { path, name: description.name, listed: true };
  const volume: VolumeRecord = { version: 1, role: 'data', operations: [], ...known, id, name, ...place, size, device };
  if (JSON.stringify(known) !== JSON.stringify(volume)) await book.putVolume(volume);
}

async function leave(book: Book, volume: VolumeRecord, isListed: boolean): Promise<void> {
  if (volume.device === undefined) return;
  if (isFree(volume) && !isListed) await book.removeVolume(volume.id);
  else if (volume.device.listed !== isListed) {
    await book.putVolume({ ...volume, device: { ...volume.device, listed: isListed } });
  }
}

function idOf(name: string): string {
  return `v-${createHash('sha256').update(`device ${name}`).digest('hex').slice(0, 16)}`;
}

function refused(why: string, cause?: unknown): ProviderError {
  return new ProviderError('device-refused', why, { cause });
}
