import type { TargetTraits } from '@diskferry/engine/guest';
import type { Limits, Region } from '../provider.ts';
import { ProviderError } from '../provider-error.ts';
import type { Bell } from './bell.ts';
import type { Book } from './book.ts';
import type { Guests } from './guest/guests.ts';
import { sweep } from './sweep.ts';
import type { Turn } from './turn.ts';

/** What all parts of the local provider work with. Whatever changes a record has the turn. */
export interface Cloud {
  readonly book: Book;
  readonly turn: Turn;
  /** Rings when an instance or a volume may look another way than before. */
  readonly bell: Bell;
  readonly regions: readonly Region[];
  readonly guests: Guests;
  /** Ids of instances that are being started or stopped. */
  readonly changing: Set<string>;
}

const MiB = 2 ** 20;

/** Of disks: 8 TiB is what ext4 and XFS both take with room to spare. 20 data volumes, each with a PCI slot of its own. */
export const LIMITS: Limits = { sizeStep: MiB, minSize: MiB, maxSize: 8 * 2 ** 40, dataVolumes: 20 };

/** What `qemuArguments` gives a guest: no network, and somebody who reads its serial line. */
export const TRAITS: TargetTraits = {
  bus: 'virtio-blk',
  firmware: ['bios', 'uefi'],
  nic: undefined,
  interfaceName: undefined,
  tables: ['mbr', 'gpt'],
  datasources: undefined,
  needsCloudInit: false,
  serial: true,
  architectures: ['x86_64', 'i386'],
};

export function change<Result>(cloud: Cloud, signal: AbortSignal | undefined, work: () => Promise<Result>) {
  return cloud.turn.take(async () => {
    await cloud.book.settle(sweep);
    return await work();
  }, signal);
}

export function requirePlace(
  { regions }: Pick<Cloud, 'regions'>,
  { region, zone }: { region: string; zone: string },
): void {
  if (regions.some(({ name, zones }) => name === region && zones.includes(zone))) return;
  const known = regions.flatMap(({ name, zones }) => zones.map((zone) => `${name}/${zone}`)).join(', ');
  throw new ProviderError('zone-unknown', `${JSON.stringify(`${region}/${zone}`)} is not one of ${known}`);
}
