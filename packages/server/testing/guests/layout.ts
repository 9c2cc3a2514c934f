import { ALL_DRIVERS, guestId, type MiniGuest } from './mini-guest.ts';
import { type Partition, placed, type Role } from './partition-table.ts';

const MiB = 2 ** 20;
const ESP_SIZE = 4 * MiB;
const SWAP_SIZE = 16 * MiB;
const BOOT_SIZE = 28 * MiB;
/** mkfs.xfs makes none below 300 MiB. */
const XFS_SIZE = 304 * MiB;

export function hasBoot({ layout = 'one' }: MiniGuest): boolean {
  return layout !== 'one';
}

/** `data` is the size of the files in the root. */
export function partitionsOf({ firmware, layout = 'one', rootFs }: MiniGuest, data: number): Partition[] {
  const size = rootFs === 'xfs' ? Math.max(XFS_SIZE, 2 * data) : 1.1 * data + 16 * MiB;
  const esp = firmware === 'uefi' ? [{ role: 'esp', size: ESP_SIZE } as const] : [];
  const boot = { role: 'boot', size: BOOT_SIZE } as const;
  const swap = { role: 'swap', size: SWAP_SIZE } as const;
  const rest: Record<typeof layout, { role: Role; size: number }[]> = {
    one: [{ role: 'root', size }],
    several: [boot, swap, { role: 'root', size }],
  };
  return placed([...esp, ...rest[layout]]);
}

export function fstabOf({ name, layout = 'one', rootFs = 'ext4', fstab }: MiniGuest): string {
  const root = `UUID=${guestId(name, 'root')}`;
  const lines = fstab ?? [
    `${root} / ${rootFs} defaults 0 1`,
    ...(layout === 'one' ? [] : [`UUID=${guestId(name, 'boot')} /boot ext4 defaults 0 2`]),
    ...(layout === 'several' ? [`UUID=${guestId(name, 'swap')} none swap sw 0 0`] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** What GRUB gives the kernel. */
export function kernelLine({ name, rootFs, rootBy, console }: MiniGuest): string {
  const root = rootBy ?? `UUID=${guestId(name, 'root')}`;
  const type = rootFs === 'xfs' ? ' rootfstype=xfs' : '';
  const serial = console === 'screen' ? '' : ' console=ttyS0,115200';
  return `root=${root}${type} ro console=tty0${serial} quiet`;
}

export function driversOf({ drivers = ALL_DRIVERS, rootFs }: MiniGuest): string[] {
  return [...drivers, ...(rootFs === 'xfs' ? ['xfs'] : ['ext4'])];
}
