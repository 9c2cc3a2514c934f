import { fstabLines } from './layout.ts';
import { guestId, type MiniGuest } from './mini-guest.ts';

/** Something that a guest has from where it came, and that is wrong, or at least strange, where its disk is virtio. */
export type Trait = (guest: MiniGuest) => MiniGuest;

/** What bound an interface to its card before the names of interfaces were predictable. */
export const BOUND_MAC = '00:50:56:aa:bb:cc';

/** Only the drivers of an IDE disk in the initramfs, as where it was made for one machine. */
export const onlyIde: Trait = (guest) => ({ ...guest, drivers: ['ata_piix', 'sd_mod'] });

/** The same from VMware. */
export const onlyPvscsi: Trait = (guest) => ({ ...guest, drivers: ['vmw_pvscsi', 'sd_mod'] });

/** The kernel is told its root by the name that the disk had on IDE or SCSI. */
export const rootBySda: Trait = (guest) => ({ ...guest, rootBy: '/dev/sda1' });

/** fstab names the root so: a kernel that knows better starts nevertheless. */
export const fstabBySda: Trait = (guest) => {
  const lines = fstabLines(guest).map((line) => (/ \/ /.test(line) ? line.replace(/^\S+/, '/dev/sda1') : line));
  return { ...guest, fstab: lines };
};

/** fstab names a second disk that did not come along, without `nofail`. */
export const missingDisk: Trait = (guest) => {
  return { ...guest, fstab: [...fstabLines(guest), '/dev/sdb1 /srv/data ext4 defaults 0 2'] };
};

/** The same disk by its UUID, which no disk has that came along. */
export const missingUuid: Trait = (guest) => {
  const line = `UUID=${guestId(`what ${guest.name} left behind`, 'root')} /srv/data ext4 defaults 0 2`;
  return { ...guest, fstab: [...fstabLines(guest), line] };
};

/** Made on another system: for a root on XFS or LVM, which the kernel has as modules. */
export const noRootDrivers: Trait = (guest) => ({ ...guest, rootDrivers: 'left out' });

/** Its address belongs to an interface that one card alone gets the name of. */
export const boundToCard: Trait = (guest) => ({
  ...guest,
  files: {
    ...guest.files,
    'etc/network/interfaces': INTERFACES,
    'etc/udev/rules.d/70-persistent-net.rules': `SUBSYSTEM=="net", ACTION=="add", ATTR{address}=="${BOUND_MAC}", NAME="ens192"\n`,
  },
});

const INTERFACES = `auto lo
iface lo inet loopback

auto ens192
iface ens192 inet static
 address 10.0.2.15/24
 gateway 10.0.2.2
`;

/** It says nothing on its serial port. */
export const onlyScreen: Trait = (guest) => ({ ...guest, console: 'screen' });

/** Found only by an entry in the memory of the old machine's firmware. For UEFI. */
export const bootEntry: Trait = (guest) => ({ ...guest, efiPath: 'vendor' });

export function withTraits(guest: MiniGuest, ...traits: readonly Trait[]): MiniGuest {
  return traits.reduce((changed, trait) => trait(changed), guest);
}
