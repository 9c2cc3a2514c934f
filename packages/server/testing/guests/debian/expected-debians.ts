import { type Expected, NO_ROOT, UP } from '../expected.ts';
import type { DebianGuest } from './make-debian-guest.ts';

export interface ExpectedDebian extends Expected {
  readonly guest: Omit<DebianGuest, 'folder'>;
  /** Where it is started in every thorough run; on the other bus with DISKFERRY_LONG alone. */
  readonly started: readonly ('virtio' | 'ide')[];
}

/** What ifupdown is told of a card: the name that it had in the slot of the old machine. */
const NETWORK = 'warn guest-network-interface';
const good = { says: [NETWORK], outcome: UP } as const;

/** Debian as its own tools install it: systemd, initramfs-tools, GRUB, cloud-init. */
export const EXPECTED_DEBIANS: readonly ExpectedDebian[] = [
  { what: 'Debian, /boot, root on ext4', guest: { name: 'plain' }, virtio: good, ide: good, started: ['virtio'] },
  {
    what: 'Debian, /boot, root on LVM',
    guest: { name: 'lvm', layout: 'lvm' },
    virtio: good,
    ide: good,
    started: [],
  },
  {
    what: 'Debian, initramfs made for IDE (`MODULES=list`)',
    guest: { name: 'ide', initramfs: 'ide' },
    virtio: { says: ['block guest-disk-driver', NETWORK], outcome: NO_ROOT },
    ide: good,
    // A small guest shows the same.
    started: [],
  },
];
