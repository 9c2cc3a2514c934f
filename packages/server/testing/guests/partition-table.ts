import { truncate } from 'node:fs/promises';
import type { MiniGuest } from './mini-guest.ts';
import { runWith } from './tool-calls.ts';

const MiB = 2 ** 20;
const TABLE = MiB;

export type Role = 'esp' | 'boot' | 'swap' | 'root' | 'lvm';
export type Partition = {
  readonly role: Role;
  readonly number: number;
  readonly offset: number;
  readonly size: number;
};

/** Types in the words of sfdisk, where both tables have the same: EFI, Linux, swap, LVM. */
const TYPES = { esp: 'uefi', boot: 'linux', swap: 'swap', root: 'linux', lvm: 'lvm' } as const;

/** One behind the other from 1 MiB on, each of whole MiB. */
export function placed(wanted: readonly { readonly role: Role; readonly size: number }[]): Partition[] {
  let offset = TABLE;
  return wanted.map(({ role, size }, index) => {
    const partition = { role, size: Math.ceil(size / MiB) * MiB, number: index + 1, offset };
    offset += partition.size;
    return partition;
  });
}

/** Makes the disk, as large as its partitions need it: with an MBR for a BIOS and a GPT for UEFI. */
export async function writeTable(
  path: string,
  { firmware, partitions, id }: { firmware: MiniGuest['firmware']; partitions: readonly Partition[]; id: string },
): Promise<void> {
  const end = Math.max(...partitions.map(({ offset, size }) => offset + size));
  await truncate(path, end + TABLE);
  const head =
    firmware === 'uefi' ? ['label: gpt', `label-id: ${id}`] : ['label: dos', `label-id: 0x${id.slice(0, 8)}`];
  const rows = partitions.map(({ role, offset, size }) => {
    const active = firmware === 'bios' && (role === 'boot' || role === 'root') ? ', bootable' : '';
    return `start=${offset / MiB}MiB, size=${size / MiB}MiB, type=${TYPES[role]}${active}`;
  });
  await runWith(`${[...head, ...rows].join('\n')}\n`, 'sfdisk', ['-q', path]);
}
