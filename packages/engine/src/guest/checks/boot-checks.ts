import { valueOf, type BootEntry, type GuestReport } from '../report.ts';
import { rootSubvolume } from '../os/subvolume.ts';
import { findNamed } from '../volume/device-name.ts';
import { block, pass, SOURCES, unknown, warn, type GuestCheck } from './check.ts';

/** The entry that starts by itself, or why it is not known. */
export function chosenEntry({ boot }: GuestReport): BootEntry | string {
  const index = valueOf(boot.chosen);
  if (index === undefined) return 'unknown' in boot.chosen ? boot.chosen.unknown : 'no entry is chosen';
  return boot.entries[index] ?? 'the chosen entry is not in the configuration';
}

function loadersOf({ uefi }: GuestReport['boot']): readonly string[] {
  return valueOf(uefi)?.loaders ?? [];
}

/** The firmware that finds something to start. */
function firmwareOf({ boot }: GuestReport): ('bios' | 'uefi')[] {
  const found: ('bios' | 'uefi')[] = [];
  if (boot.bios.code !== null && valueOf(boot.bios.complete) !== false) found.push('bios');
  if (loadersOf(boot).length > 0) found.push('uefi');
  return found;
}

/** What the kernel calls disks on each bus. */
const DISK_NAMES = { 'virtio-blk': 'vd', 'virtio-scsi': 'sd', ide: 'sd' } as const;

/** From the firmware to the root filesystem. */
export const BOOT_CHECKS: readonly GuestCheck[] = [
  {
    code: 'guest-firmware',
    looksAt: 'whether the disk starts with a firmware that the target has',
    remedy: 'Choose a target with that firmware, or install the boot loader for the other one before exporting.',
    source: SOURCES.linux,
    traits: ['firmware'],
    systemOnly: true,
    judge(report, { firmware }) {
      const found = firmwareOf(report);
      const { bios, uefi } = report.boot;
      if (found.length === 0 && 'unknown' in uefi) return unknown(uefi.unknown);
      if (found.length === 0 && bios.code === null && 'unknown' in bios.complete) return unknown(bios.complete.unknown);
      if (found.length === 0) return block('neither boot code for BIOS nor a loader for UEFI was found');
      const evidence = `the disk starts with ${found.join(' and ')}; the target has ${firmware.join(' and ')}`;
      return found.some((kind) => firmware.includes(kind)) ? pass(evidence) : block(evidence);
    },
  },
  {
    code: 'guest-bios-code',
    looksAt: 'whether what the boot code of a BIOS disk loads next is there',
    remedy: 'Install the boot loader on the disk itself (grub-install /dev/DISK), and export the whole disk.',
    source: SOURCES.users,
    traits: ['firmware'],
    systemOnly: true,
    judge({ boot }, { firmware }) {
      const { bios } = boot;
      if (!firmware.includes('bios') || bios.code === null) return undefined;
      const complete = valueOf(bios.complete);
      if (complete === undefined) return unknown('unknown' in bios.complete ? bios.complete.unknown : '');
      if (complete) return pass(`boot code of ${bios.code}, and what it loads`);
      const evidence = `boot code of ${bios.code}, but what it loads is missing`;
      return loadersOf(boot).length > 0 && firmware.includes('uefi') ? warn(evidence) : block(evidence);
    },
  },
  {
    code: 'guest-efi-fallback',
    looksAt: 'whether UEFI finds a loader without the variables that stay on the old machine',
    remedy:
      'Copy the loader to /EFI/BOOT/BOOTX64.EFI of the ESP (grub-install --removable), or add a boot entry at the target.',
    source: SOURCES.users,
    traits: ['firmware'],
    systemOnly: true,
    judge(report, { firmware }) {
      const uefi = valueOf(report.boot.uefi);
      if (!uefi || uefi.loaders.length === 0 || !firmware.includes('uefi')) return undefined;
      if (uefi.fallback) return pass('the ESP has a loader at the path that every firmware tries');
      const only = !firmwareOf(report).includes('bios');
      return only
        ? block(`only ${uefi.loaders.join(', ')}, which a new machine does not know`)
        : warn(`only ${uefi.loaders.join(', ')}`);
    },
  },
  {
    code: 'guest-boot-entry',
    looksAt: 'which entry of the boot loader starts by itself',
    remedy: 'Let the boot loader write its configuration again (update-grub, grub2-mkconfig -o).',
    source: SOURCES.users,
    traits: [],
    systemOnly: true,
    judge(report) {
      if (report.system?.family !== 'linux') return undefined;
      const entry = chosenEntry(report);
      return typeof entry === 'string' ? unknown(entry) : pass(`${report.boot.config}: ${entry.title}`);
    },
  },
  {
    code: 'guest-kernel',
    looksAt: 'whether the kernel and the initramfs that are started are there',
    remedy: 'Install the kernel again, or export the disk together with its /boot partition.',
    source: SOURCES.importing,
    traits: [],
    systemOnly: true,
    judge(report) {
      const { system } = report;
      if (system?.family !== 'linux') return undefined;
      if (valueOf(system.kernels)?.length === 0) return block('no kernel was found in /boot');
      const { started } = system;
      if ('unknown' in started) return unknown(started.unknown);
      const { image, initramfs, missing } = started.value;
      if (missing.length > 0) return block(`${missing.join(', ')} is started from ${started.from}, and not there`);
      return pass(`${image}, ${initramfs ?? 'no initramfs'}`);
    },
  },
  {
    code: 'guest-root-device',
    looksAt: 'whether the kernel finds its root filesystem by something that moves with the disk',
    remedy:
      'Name the root filesystem by UUID in the configuration of the boot loader (root=UUID=…), as blkid shows it.',
    source: SOURCES.linux,
    traits: ['bus'],
    systemOnly: true,
    judge(report, { bus }) {
      if (report.system?.family !== 'linux') return undefined;
      const entry = chosenEntry(report);
      if (typeof entry === 'string') return unknown(entry);
      if (entry.root === null) return unknown(`${entry.title} has no root=`);
      const named = findNamed(entry.root, report.volumes);
      const evidence = `root=${entry.root} in ${report.boot.config}`;
      if (named.by === 'identity')
        return named.volume ? pass(`${evidence} is ${named.volume.place}`) : block(`${evidence} is not on this disk`);
      if (named.by === 'hardware') return block(`${evidence} names the hardware of the old machine`);
      if (named.by === 'other') return unknown(`${evidence} is not understood`);
      return named.bus === DISK_NAMES[bus]
        ? warn(`${evidence} fits ${bus}, as long as the order of disks does not change`)
        : block(`${evidence}; on ${bus} disks are called ${DISK_NAMES[bus]}a, ${DISK_NAMES[bus]}b …`);
    },
  },
  {
    code: 'guest-root-subvolume',
    looksAt: 'whether the kernel mounts the subvolume of Btrfs that the system lies in',
    remedy:
      'Name it on the kernel command line (rootflags=subvol=NAME), or make it the default (btrfs subvolume set-default).',
    source: SOURCES.users,
    traits: [],
    systemOnly: true,
    judge(report) {
      const { system, volumes } = report;
      const root = volumes.find(({ place }) => place === system?.root);
      if (system?.family !== 'linux' || root?.content?.kind !== 'btrfs') return undefined;
      const entry = chosenEntry(report);
      if (typeof entry === 'string') return unknown(entry);
      const told = rootSubvolume(entry);
      const where = system.subvolume ?? 'the default subvolume';
      if (told === (system.subvolume ?? undefined)) return pass(`the system lies in ${where}, and that is mounted`);
      return block(`the kernel mounts ${told ?? 'the default subvolume'}, the system lies in ${where}`);
    },
  },
  {
    code: 'guest-serial-console',
    looksAt: 'whether the kernel writes to the serial line, so that its start can be watched',
    remedy: 'Add console=tty0 console=ttyS0,115200 to the kernel command line.',
    source: SOURCES.own,
    traits: ['serial'],
    systemOnly: true,
    judge(report, { serial }) {
      if (!serial || report.system?.family !== 'linux') return undefined;
      const entry = chosenEntry(report);
      if (typeof entry === 'string') return unknown(entry);
      return /console=tty(S|AMA)0/.test(entry.arguments)
        ? pass('the kernel writes to the serial line')
        : warn('no console=ttyS0 on the kernel command line');
    },
  },
];
