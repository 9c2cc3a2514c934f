import { EMERGENCY, type Expectation, type Expected, GOOD, NO_ROOT, UP } from './expected.ts';
import type { MiniGuest } from './mini-guest.ts';
import * as traits from './traits.ts';

export interface ExpectedMini extends Expected {
  readonly guest: Pick<MiniGuest, 'name' | 'firmware' | 'layout' | 'rootFs'>;
  readonly has: readonly traits.Trait[];
  /** Where it is started in every run (on IDE, where it is thorough); on the others with DISKFERRY_LONG alone. */
  readonly started: readonly ('virtio' | 'ide')[];
}

const bios = (name: string) => ({ name, firmware: 'bios' }) as const;
const uefi = (name: string) => ({ name, firmware: 'uefi' }) as const;
const warned = (...codes: string[]): Expectation => ({ says: codes.map((code) => `warn ${code}`), outcome: UP });
const stopped = (code: string, outcome: Expectation['outcome']): Expectation => ({ says: [`block ${code}`], outcome });
const both = (expectation: Expectation) => ({ virtio: expectation, ide: expectation });

/** Small guests, each wrong in one way, and those that are right. */
export const EXPECTED_MINIS: readonly ExpectedMini[] = [
  { what: 'BIOS, MBR, ext4', guest: bios('bios'), has: [], ...both(GOOD), started: [] },
  { what: 'UEFI, GPT, ext4', guest: uefi('uefi'), has: [], ...both(GOOD), started: [] },
  {
    what: 'BIOS, /boot, swap, root on XFS',
    guest: { ...bios('xfs'), layout: 'several', rootFs: 'xfs' },
    has: [],
    ...both(GOOD),
    started: ['virtio'],
  },
  {
    what: 'BIOS, /boot, root on LVM',
    guest: { ...bios('lvm'), layout: 'lvm' },
    has: [],
    ...both(GOOD),
    started: ['virtio'],
  },
  {
    what: 'UEFI, /boot, root on XFS on LVM',
    guest: { ...uefi('lvm-xfs'), layout: 'lvm', rootFs: 'xfs' },
    has: [],
    ...both(GOOD),
    started: [],
  },
  {
    what: 'initramfs made for IDE: no virtio in it',
    guest: bios('ide'),
    has: [traits.onlyIde],
    virtio: stopped('guest-disk-driver', NO_ROOT),
    ide: GOOD,
    started: ['virtio', 'ide'],
  },
  {
    what: 'initramfs made for VMware',
    guest: bios('vmware'),
    has: [traits.onlyPvscsi],
    ...both(stopped('guest-disk-driver', NO_ROOT)),
    started: [],
  },
  {
    what: '`root=/dev/sda1` on the kernel command line',
    guest: bios('sda'),
    has: [traits.rootBySda],
    virtio: stopped('guest-root-device', NO_ROOT),
    ide: warned('guest-root-device'),
    started: ['virtio', 'ide'],
  },
  {
    what: 'root on XFS, initramfs without its driver',
    guest: { ...bios('xfs-bare'), layout: 'several', rootFs: 'xfs' },
    has: [traits.noRootDrivers],
    ...both(stopped('guest-root-filesystem-driver', NO_ROOT)),
    started: [],
  },
  {
    what: 'root on LVM, initramfs without LVM',
    guest: { ...bios('lvm-bare'), layout: 'lvm' },
    has: [traits.noRootDrivers],
    ...both(stopped('guest-lvm-driver', NO_ROOT)),
    started: [],
  },
  {
    what: 'fstab waits for `/dev/sdb1`, which is not there',
    guest: bios('second'),
    has: [traits.missingDisk],
    virtio: stopped('guest-fstab-names', EMERGENCY),
    ide: { says: ['warn guest-fstab-names'], outcome: EMERGENCY },
    started: ['virtio'],
  },
  {
    what: 'fstab waits for a UUID that is on no disk here',
    guest: bios('gone'),
    has: [traits.missingUuid],
    ...both(stopped('guest-fstab-missing', EMERGENCY)),
    started: [],
  },
  {
    what: 'fstab names the root `/dev/sda1`, the kernel knows it by UUID',
    guest: bios('fstab'),
    has: [traits.fstabBySda],
    ...both(warned('guest-fstab-names')),
    started: [],
  },
  {
    what: 'network bound to the MAC address of the old card',
    guest: bios('card'),
    has: [traits.boundToCard],
    ...both(warned('guest-network-mac', 'guest-network-interface', 'guest-network-static')),
    started: ['virtio'],
  },
  {
    what: 'no serial console',
    guest: bios('screen'),
    has: [traits.onlyScreen],
    ...both(warned('guest-serial-console')),
    started: ['virtio'],
  },
  {
    what: 'UEFI loader that only the old firmware knew',
    guest: uefi('entry'),
    has: [traits.bootEntry],
    ...both(stopped('guest-efi-fallback', ['failed', 'firmware-shell'])),
    started: [],
  },
];
