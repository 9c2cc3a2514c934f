import { ALL_DRIVERS, guestId, type MiniGuest } from './mini-guest.ts';
import { type Partition, placed, type Role } from './partition-table.ts';

const MiB = 2 ** 20;
const ESP_SIZE = 4 * MiB;
const SWAP_SIZE = 16 * MiB;
const BOOT_SIZE = 28 * MiB;
/** mkfs.xfs makes none below 300 MiB. */
const XFS_SIZE = 304 * MiB;
/** What LVM keeps for itself at the start, and at most one extent at the end. */
const LVM_SIZE = 5 * MiB;

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
    lvm: [boot, { role: 'lvm', size: size + LVM_SIZE }],
  };
  return placed([...esp, ...rest[layout]]);
}

export function fstabLines(guest: MiniGuest): readonly string[] {
  const { name, layout = 'one', rootFs = 'ext4', dataDisks = [] } = guest;
  const root = rootName({ name, layout });
  return (
    guest.fstab ?? [
      `${root} / ${rootFs} defaults 0 1`,
      ...(layout === 'one' ? [] : [`UUID=${guestId(name, 'boot')} /boot ext4 defaults 0 2`]),
      ...(layout === 'several' ? [`UUID=${guestId(name, 'swap')} none swap sw 0 0`] : []),
      ...dataDisks.map((disk) => `UUID=${guestId(disk, 'root')} /srv/${disk} ext4 defaults 0 2`),
    ]
  );
}

function rootName({ name, layout }: Pick<MiniGuest, 'name' | 'layout'>): string {
  return layout === 'lvm' ? '/dev/mapper/vg0-root' : `UUID=${guestId(name, 'root')}`;
}

/** What GRUB gives the kernel. */
export function kernelLine(guest: MiniGuest): string {
  const root = guest.rootBy ?? rootName(guest);
  const type = guest.rootFs === 'xfs' ? ' rootfstype=xfs' : '';
  return `root=${root}${type} ro ${consoles(guest)} quiet`;
}

/** The last one is the console of the first process. */
export function consoles({ console }: MiniGuest): string {
  return console === 'screen' ? 'console=tty0' : 'console=tty0 console=ttyS0,115200';
}

export function driversOf({ drivers = ALL_DRIVERS, layout, rootFs, rootDrivers }: MiniGuest): string[] {
  if (rootDrivers === 'left out') return [...drivers];
  return [...drivers, ...(layout === 'lvm' ? ['dm-mod'] : []), ...(rootFs === 'xfs' ? ['xfs'] : ['ext4'])];
}
