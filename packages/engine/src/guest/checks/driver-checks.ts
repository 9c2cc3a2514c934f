import type { DriverPlace, Drivers, GuestReport } from '../report.ts';
import { block, pass, SOURCES, unknown, warn, type GuestCheck, type Judgement } from './check.ts';

const BUS_DRIVERS = {
  'virtio-blk': ['virtio_pci', 'virtio_blk'],
  'virtio-scsi': ['virtio_pci', 'virtio_scsi', 'sd_mod'],
  ide: ['ata_piix', 'sd_mod'],
} as const;

/** Judges drivers that are needed before the root is there. */
function needed(report: GuestReport, names: readonly string[], what: string): Judgement | undefined {
  if (report.system?.family !== 'linux') return undefined;
  const { drivers } = report.system;
  if ('unknown' in drivers) return unknown(drivers.unknown);
  const lacking = names.filter((name) => !isEarly(drivers.value.places[name]));
  const where = `kernel ${drivers.value.kernel} (${drivers.from})`;
  if (lacking.length === 0) return pass(`${what}: ${described(drivers.value, names)} in ${where}`);
  return block(`${what}: ${described(drivers.value, lacking)} in ${where}`);
}

function isEarly(place: DriverPlace | undefined): boolean {
  return place === 'built-in' || place === 'initramfs';
}

function described({ places }: Drivers, names: readonly string[]): string {
  return names.map((name) => `${name} ${WORDS[places[name] ?? 'absent']}`).join(', ');
}

const WORDS: Readonly<Record<DriverPlace, string>> = {
  'built-in': 'is built in',
  initramfs: 'is in the initramfs',
  module: 'is on the root only',
  absent: 'is missing',
};

/** What the kernel can drive before and after it has its root. */
export const DRIVER_CHECKS: readonly GuestCheck[] = [
  {
    code: 'guest-disk-driver',
    looksAt:
      'whether the drivers of the disk bus of the target are built in or in the initramfs of the kernel that starts',
    remedy:
      'Put them into the initramfs: RHEL family dracut --force --add-drivers "virtio_pci virtio_blk virtio_scsi"; Debian family add them to /etc/initramfs-tools/modules and run update-initramfs -u.',
    source: SOURCES.virtio,
    traits: ['bus'],
    systemOnly: true,
    judge: (report, { bus }) => needed(report, BUS_DRIVERS[bus], `disks on ${bus}`),
  },
  {
    code: 'guest-root-filesystem-driver',
    looksAt: 'whether the driver of the root filesystem is built in or in the initramfs',
    remedy: 'Make the initramfs anew on a system that runs from this filesystem (dracut --force, update-initramfs -u).',
    source: SOURCES.users,
    traits: [],
    systemOnly: true,
    judge(report) {
      const kind = rootOf(report)?.content?.kind;
      const driver = kind === 'ext2' || kind === 'ext3' || kind === 'ext4' ? 'ext4' : kind;
      return driver === 'ext4' || driver === 'xfs' || driver === 'btrfs'
        ? needed(report, [driver], 'root filesystem')
        : undefined;
    },
  },
  {
    code: 'guest-lvm-driver',
    looksAt: 'whether the initramfs can find a root on LVM',
    remedy: 'Make the initramfs anew with LVM (dracut --force --add lvm; install lvm2 and run update-initramfs -u).',
    source: SOURCES.users,
    traits: [],
    systemOnly: true,
    judge: (report) =>
      rootOf(report)?.layers.includes('lvm') ? needed(report, ['dm_mod', 'lvm'], 'root on LVM') : undefined,
  },
  {
    code: 'guest-raid-driver',
    looksAt: 'whether the initramfs can find a root on a RAID 1',
    remedy:
      'Make the initramfs anew with mdadm (dracut --force --mdadmconf --add mdraid; install mdadm and run update-initramfs -u).',
    source: SOURCES.users,
    traits: [],
    systemOnly: true,
    judge: (report) =>
      rootOf(report)?.layers.includes('md')
        ? needed(report, ['md_mod', 'raid1', 'mdadm'], 'root on RAID 1')
        : undefined,
  },
  {
    code: 'guest-network-driver',
    looksAt: 'whether the kernel has a driver for the network interface of the target',
    remedy: 'Install a kernel with CONFIG_VIRTIO_NET (built in or as a module).',
    source: SOURCES.virtio,
    traits: ['nic'],
    systemOnly: true,
    judge(report) {
      if (report.system?.family !== 'linux') return undefined;
      const { drivers } = report.system;
      if ('unknown' in drivers) return unknown(drivers.unknown);
      const evidence = `${described(drivers.value, ['virtio_net'])} of kernel ${drivers.value.kernel}`;
      return drivers.value.places['virtio_net'] === 'absent' ? warn(evidence) : pass(evidence);
    },
  },
];

function rootOf({ system, volumes }: GuestReport) {
  return volumes.find(({ place }) => place === system?.root);
}
