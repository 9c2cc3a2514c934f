import { damaged } from '../fault.ts';
import type { Budget } from '../cache/budget.ts';
import { linesOf, textFile } from '../facts.ts';
import type { Filesystem } from '../filesystem/filesystem.ts';
import type { DriverPlace, Drivers, Fact, StartedKernel } from '../report.ts';
import { initramfsNames } from './initramfs/initramfs.ts';

/** Drivers that decide whether a system finds its disk and its network, with the word that configures each. */
const WANTED: Readonly<Record<string, string>> = {
  virtio_pci: 'CONFIG_VIRTIO_PCI',
  virtio_blk: 'CONFIG_VIRTIO_BLK',
  virtio_scsi: 'CONFIG_SCSI_VIRTIO',
  virtio_net: 'CONFIG_VIRTIO_NET',
  nvme: 'CONFIG_BLK_DEV_NVME',
  sd_mod: 'CONFIG_BLK_DEV_SD',
  ata_piix: 'CONFIG_ATA_PIIX',
  ahci: 'CONFIG_SATA_AHCI',
  vmw_pvscsi: 'CONFIG_VMWARE_PVSCSI',
  mptspi: 'CONFIG_FUSION_SPI',
  hv_storvsc: 'CONFIG_HYPERV_STORAGE',
  xen_blkfront: 'CONFIG_XEN_BLKDEV_FRONTEND',
  ext4: 'CONFIG_EXT4_FS',
  xfs: 'CONFIG_XFS_FS',
  btrfs: 'CONFIG_BTRFS_FS',
  dm_mod: 'CONFIG_BLK_DEV_DM',
  md_mod: 'CONFIG_BLK_DEV_MD',
  raid1: 'CONFIG_MD_RAID1',
};
/** A root on LVM or RAID also takes the program that finds it. */
const PROGRAM = /(?:^|\/)s?bin\/(lvm|mdadm)$/;
const PROGRAMS = ['lvm', 'mdadm'];
const MODULE = /(?:^|\/)([\w-]+)\.ko(?:\.(?:xz|gz|zst))?$/;

/** Where the drivers of a kernel are: built in, in its initramfs, only among the modules on the root, or nowhere. */
export async function readDrivers(files: Filesystem, kernel: StartedKernel, budget: Budget): Promise<Fact<Drivers>> {
  if (kernel.missing.length > 0) return { unknown: `${kernel.missing.join(', ')} is not there` };
  const folder = await modulesFolder(files, kernel.version);
  const builtIn = new Set([...(await builtInModules(files, folder)), ...(await configured(files, kernel.version))]);
  const modules = await modulesOnRoot(files, folder);
  if (builtIn.size === 0 && modules.size === 0)
    return { unknown: `no list of the modules of kernel ${kernel.version}` };
  const packed = kernel.initramfs === null ? new Set<string>() : await modulesIn(files, kernel.initramfs, budget);
  const places = Object.keys(WANTED).map((name): [string, DriverPlace] => {
    if (builtIn.has(name)) return [name, 'built-in'];
    if (packed.has(name)) return [name, 'initramfs'];
    return [name, modules.has(name) ? 'module' : 'absent'];
  });
  for (const name of PROGRAMS) places.push([name, packed.has(name) ? 'initramfs' : 'absent']);
  const from = kernel.initramfs ?? folder;
  return { value: { kernel: kernel.version, places: Object.fromEntries(places) }, from };
}

async function modulesFolder(files: Filesystem, version: string): Promise<string> {
  for (const folder of ['/usr/lib/modules', '/lib/modules']) {
    if ((await files.list(folder)).includes(version)) return `${folder}/${version}`;
  }
  return `/lib/modules/${version}`;
}

async function builtInModules(files: Filesystem, folder: string): Promise<ReadonlySet<string>> {
  return namesOf(linesOf((await textFile(files, `${folder}/modules.builtin`)) ?? ''));
}

/** `modules.dep` names every module in one file, where a walk would read hundreds of directories. */
async function modulesOnRoot(files: Filesystem, folder: string): Promise<ReadonlySet<string>> {
  const bytes = await files.read(`${folder}/modules.dep`, 4 * 1024 * 1024);
  const lines = Buffer.from(bytes ?? [])
    .toString('utf8')
    .split('\n');
  return namesOf(lines.map((line) => line.slice(0, line.indexOf(':'))));
}

async function configured(files: Filesystem, version: string): Promise<readonly string[]> {
  const text = await textFile(files, `/boot/config-${version}`);
  if (text === undefined) return [];
  const lines = new Set(text.split('\n'));
  return Object.entries(WANTED).flatMap(([name, word]) => (lines.has(`${word}=y`) ? [name] : []));
}

async function modulesIn(files: Filesystem, initramfs: string, budget: Budget): Promise<ReadonlySet<string>> {
  const file = await files.open(initramfs);
  if (!file) throw damaged(`${initramfs} is not there`);
  const found = new Set<string>();
  for await (const name of initramfsNames(file, budget)) {
    const program = PROGRAM.exec(name)?.[1];
    if (program !== undefined) found.add(program);
    const module = moduleOf(name);
    if (module !== undefined) found.add(module);
  }
  return found;
}

function namesOf(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.map(moduleOf).filter((name) => name !== undefined));
}

/** Dashes and underscores are one letter in the name of a module. */
function moduleOf(path: string): string | undefined {
  return MODULE.exec(path)?.[1]?.replaceAll('-', '_');
}
