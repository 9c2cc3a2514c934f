import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyFrom, makeExt4 } from '../file-systems.ts';
import { FileTree } from '../file-tree.ts';
import { installGrubBios } from '../grub.ts';
import { makeLvm } from '../lvm.ts';
import { guestId } from '../mini-guest.ts';
import { placed, writeTable } from '../partition-table.ts';
import { DEBIAN, type DebianBase, IDE_INITRAMFS, USUAL_INITRAMFS } from './debian-base.ts';

/** A Debian as a disk: /boot, and the root beside it. It starts from a BIOS, and needs 512 MiB of memory. */
export interface DebianGuest {
  readonly folder: string;
  readonly name: string;
  /** `lvm`: the root is the volume vg0/root. */
  readonly layout?: 'several' | 'lvm';
  /** `ide`: with the drivers of the one machine that it was made for. */
  readonly initramfs?: 'usual' | 'ide';
}

const MiB = 2 ** 20;
const BOOT_SIZE = 96 * MiB;
const LVM_SIZE = 8 * MiB;

/** @returns the path of the disk */
export async function makeDebianGuest(base: DebianBase, guest: DebianGuest): Promise<string> {
  const { folder, name, layout = 'several' } = guest;
  await mkdir(folder, { recursive: true });
  const work = await mkdtemp(join(folder, 'making-'));
  try {
    const disk = join(work, 'disk');
    const [root, size] =
      layout === 'lvm' ? (['lvm', base.rootSize + LVM_SIZE] as const) : (['root', base.rootSize] as const);
    const partitions = placed([
      { role: 'boot', size: BOOT_SIZE },
      { role: root, size },
    ]);
    await writeFile(disk, '');
    await writeTable(disk, { firmware: 'bios', partitions, id: guestId(name, 'disk') });
    for (const { role, offset, size: length } of partitions) {
      const place = { disk, offset, size: length, id: guestId(DEBIAN, role === 'boot' ? 'boot' : 'root') };
      if (role === 'boot') await makeExt4(place, bootOf(base, guest), join(work, 'boot'));
      else await copyFrom(base.root, { ...(role === 'lvm' ? await makeLvm(place, name) : place), size: base.rootSize });
    }
    await installGrubBios(disk, { fileSystem: guestId(DEBIAN, 'boot'), folder: '/grub' }, work);
    const path = join(folder, `${name}.raw`);
    await rename(disk, path);
    return path;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Only GRUB's configuration and what stands under the name of the initramfs are the guest's own. */
function bootOf({ boot, kernel }: DebianBase, { layout, initramfs }: DebianGuest): FileTree {
  const tree = new FileTree();
  const usual = USUAL_INITRAMFS(kernel);
  for (const [path, entry] of boot.entries) {
    if (entry.kind === 'folder') tree.folder(path);
    if (entry.kind !== 'file' || path === IDE_INITRAMFS || (path === usual && initramfs === 'ide')) continue;
    tree.file(path, path === 'grub/grub.cfg' ? configOf(entry.content, layout) : entry.content);
  }
  const ide = boot.entries.get(IDE_INITRAMFS);
  if (initramfs === 'ide' && ide?.kind === 'file') tree.file(usual, ide.content);
  return tree;
}

/** As Debian writes it where the root is on LVM. */
function configOf(config: Uint8Array, layout: DebianGuest['layout']): string {
  const text = Buffer.from(config).toString('utf8');
  return layout === 'lvm' ? text.replaceAll(/root=UUID=\S+/g, 'root=/dev/mapper/vg0-root') : text;
}
