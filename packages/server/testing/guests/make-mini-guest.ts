import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeEsp, makeExt4, makeSwap, type Place } from './file-systems.ts';
import { FileTree } from './file-tree.ts';
import { grubConfig, grubEfi, type GrubHome, installGrubBios } from './grub.ts';
import { findGuestKernel, type GuestKernel } from './guest-kernel.ts';
import { missingForGuests } from './guest-needs.ts';
import { initramfs } from './initramfs.ts';
import { driversOf, fstabLines, hasBoot, kernelLine, partitionsOf } from './layout.ts';
import { makeLvm } from './lvm.ts';
import { guestId, type MiniGuest } from './mini-guest.ts';
import { type Partition, type Role, writeTable } from './partition-table.ts';
import { rootTree } from './root-tree.ts';
import { makeXfs } from './xfs.ts';

const EFI_PROGRAMS = { removable: 'EFI/BOOT/BOOTX64.EFI', vendor: 'EFI/debian/grubx64.efi' } as const;

/** Makes the guest's disk out of files alone: nothing is mounted, and one need not be root. @returns the path of the disk */
export async function makeMiniGuest(guest: MiniGuest): Promise<string> {
  const kernel = findGuestKernel();
  if (kernel === undefined) throw new Error(`guests cannot be made; first: ${(await missingForGuests()).join('; ')}`);
  await mkdir(guest.folder, { recursive: true });
  const work = await mkdtemp(join(guest.folder, 'making-'));
  try {
    const disk = join(work, 'disk');
    await fill(guest, { kernel, disk, work });
    const path = join(guest.folder, `${guest.name}.raw`);
    await rename(disk, path);
    return path;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fill(guest: MiniGuest, how: { kernel: GuestKernel; disk: string; work: string }): Promise<void> {
  const { disk, work, kernel } = how;
  const root = await rootTree(guest, { kernel, fstab: fstabLines(guest) });
  const boot = await bootTree(guest, kernel);
  if (hasBoot(guest)) root.folder('boot');
  else root.graft('boot', boot);
  const partitions = partitionsOf(guest, root.size);
  await writeFile(disk, '');
  await writeTable(disk, { firmware: guest.firmware, partitions, id: guestId(guest.name, 'disk') });
  const home = grubHome(guest);
  const make: Record<Role, (place: Place) => Promise<void>> = {
    esp: async (place) => {
      await makeEsp(place, { at: EFI_PROGRAMS[guest.efiPath ?? 'removable'], program: await grubEfi(home, work) });
    },
    boot: (place) => makeExt4(place, boot, join(work, 'boot')),
    swap: (place) => makeSwap(place, join(work, 'swap')),
    root: (place) => makeRoot(guest, { place, root, work }),
    lvm: async (place) => await makeRoot(guest, { place: await makeLvm(place, guest.name), root, work }),
  };
  for (const partition of partitions) await make[partition.role](placeOf(guest, { disk, partition }));
  if (guest.firmware === 'bios') await installGrubBios(disk, home, work);
}

async function makeRoot({ rootFs }: MiniGuest, how: { place: Place; root: FileTree; work: string }): Promise<void> {
  const make = rootFs === 'xfs' ? makeXfs : makeExt4;
  await make(how.place, how.root, join(how.work, 'root'));
}

/** What lies in /boot, whether that is a file system of its own or a folder of the root. */
async function bootTree(guest: MiniGuest, kernel: GuestKernel): Promise<FileTree> {
  const tree = new FileTree();
  const [vmlinuz, initrd] = [`vmlinuz-${kernel.version}`, `initrd.img-${kernel.version}`];
  tree.file(vmlinuz, await readFile(kernel.vmlinuz));
  tree.file(initrd, await initramfs(guest, { kernel, modules: driversOf(guest) }));
  const above = hasBoot(guest) ? '' : '/boot';
  const config = {
    kernel: `${above}/${vmlinuz}`,
    initrd: `${above}/${initrd}`,
    fileSystem: grubHome(guest).fileSystem,
    line: kernelLine(guest),
    serial: guest.console !== 'screen',
  };
  tree.file('grub/grub.cfg', grubConfig(config));
  return tree;
}

function grubHome(guest: MiniGuest): GrubHome {
  if (hasBoot(guest)) return { fileSystem: guestId(guest.name, 'boot'), folder: '/grub' };
  return { fileSystem: guestId(guest.name, 'root'), folder: '/boot/grub' };
}

function placeOf({ name }: MiniGuest, { disk, partition }: { disk: string; partition: Partition }): Place {
  const what = partition.role === 'esp' ? 'disk' : partition.role === 'lvm' ? 'root' : partition.role;
  return { disk, offset: partition.offset, size: partition.size, id: guestId(name, what) };
}
