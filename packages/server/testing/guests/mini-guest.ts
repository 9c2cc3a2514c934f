import { createHash } from 'node:crypto';

/**
 * A small guest as a disk: GRUB, Debian's cloud kernel, an initramfs and a root of busybox. It needs 256 MiB of memory, and
 * says on its first serial port
 *
 *     DISKFERRY-BOOT-OK web root=/dev/vda1 fs=ext4 canary=ok net=none swap=none data=0 firmware=bios uptime=4.51
 *     web login:
 *
 * or, as a Debian would, that its root does not exist, or that it is in emergency mode; then a line that begins with
 * `DISKFERRY-BOOT-FAIL`. It stays up until its power button is pressed. Every other field is one way in which guests
 * differ that come from elsewhere; without them it is a guest that starts wherever there are virtio, SCSI or IDE.
 */
export interface MiniGuest {
  /** Where `NAME.raw` is made. */
  readonly folder: string;
  /** Also of the host. */
  readonly name: string;
  /** With an MBR for a BIOS, with a GPT and an EFI system partition for UEFI. */
  readonly firmware: 'bios' | 'uefi';
  /** `one`: the root has all; `several`: /boot, swap, root; `lvm`: /boot, and the root as the volume vg0/root. */
  readonly layout?: 'one' | 'several' | 'lvm';
  /** XFS takes 300 MiB of the disk, most of them holes. */
  readonly rootFs?: 'ext4' | 'xfs';
  /** How the kernel is told its root, where not by UUID or by the name that LVM gives it: `/dev/sda1`. */
  readonly rootBy?: string;
  /** Lines of fstab instead of those by UUID. */
  readonly fstab?: readonly string[];
  /** Names of disks made by `makeDataDisk`: each is mounted on /srv/NAME, wherever the guest finds it. */
  readonly dataDisks?: readonly string[];
  /** Modules in the initramfs instead of `ALL_DRIVERS`. */
  readonly drivers?: readonly string[];
  /** `left out`: the initramfs has neither the driver of the root's file system nor LVM. */
  readonly rootDrivers?: 'there' | 'left out';
  /** `screen`: neither GRUB nor the kernel writes to the serial port. */
  readonly console?: 'serial' | 'screen';
  /** `vendor`: GRUB lies where only an entry in the memory of the old machine's firmware led to. */
  readonly efiPath?: 'removable' | 'vendor';
  /** More files of the root, by path without a slash in front. */
  readonly files?: Readonly<Record<string, string>>;
  /** Bytes of data that no compression makes smaller, to give a copy something to do. */
  readonly ballast?: number;
  readonly afterMark?: 'stay' | 'power off';
}

export const MARK = 'DISKFERRY-BOOT-OK';
export const FAILED_MARK = 'DISKFERRY-BOOT-FAIL';

export const ALL_DRIVERS = ['virtio_pci', 'virtio_blk', 'virtio_scsi', 'sd_mod', 'ata_piix', 'vmw_pvscsi'] as const;

/** The same for every guest of a name, so that a failure can be looked at again. */
export function guestId(name: string, what: 'disk' | 'boot' | 'swap' | 'root' | 'pv' | 'vg' | 'lv'): string {
  const hex = createHash('sha256').update(`${what} of ${name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
