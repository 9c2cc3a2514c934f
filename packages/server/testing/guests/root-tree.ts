import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededBytes } from '../../../engine/testing/seeded.ts';
import { canaryText, sumsOf } from './canary.ts';
import type { FileTree } from './file-tree.ts';
import type { GuestKernel } from './guest-kernel.ts';
import { consoles } from './layout.ts';
import type { MiniGuest } from './mini-guest.ts';
import { systemTree } from './system-tree.ts';

const SCRIPT = join(import.meta.dirname, 'root-init.sh');

/** Loaded by the root's own init: the network, and the power button with the device that tells of it. */
const LOADED = ['virtio_pci', 'virtio_net', 'button', 'evdev'];
/** There to be put into another initramfs. */
const AT_HAND = ['virtio_blk', 'virtio_scsi', 'sd_mod', 'ata_piix', 'vmw_pvscsi', 'ext4', 'xfs', 'dm-mod'];

/** The root of a guest, with the files that say in a Debian what system it is and how it starts. */
export async function rootTree(
  guest: MiniGuest,
  how: { kernel: GuestKernel; fstab: readonly string[] },
): Promise<FileTree> {
  const tree = await systemTree(how.kernel, [...LOADED, ...AT_HAND]);
  tree.file('sbin/init', await readFile(SCRIPT), 0o755);
  tree.file('usr/lib/os-release', OS_RELEASE);
  tree.link('etc/os-release', '../usr/lib/os-release');
  tree.file('etc/hostname', `${guest.name}\n`);
  tree.file('etc/passwd', 'root::0:0:root:/root:/bin/sh\n');
  tree.file('etc/fstab', how.fstab.map((line) => `${line}\n`).join(''));
  tree.file('etc/default/grub', `GRUB_TIMEOUT=0\nGRUB_CMDLINE_LINUX="${consoles(guest)}"\n`);
  tree.file('etc/modules', LOADED.map((name) => `${name}\n`).join(''));
  tree.file('etc/network/interfaces', 'auto lo\niface lo inet loopback\n');
  tree.folder('etc/udev/rules.d');
  tree.folder('var/log');
  if (guest.afterMark === 'power off') tree.file('etc/mini-guest/power-off', '');
  tree.file('srv/canary', canaryText(guest.name));
  tree.file('etc/mini-guest/canary.sha256', sumsOf(tree, ['srv/canary', 'bin/busybox', 'etc/hostname']));
  if (guest.ballast !== undefined) tree.file('srv/ballast', seededBytes(1, guest.ballast));
  for (const [path, text] of Object.entries(guest.files ?? {})) tree.file(path, text);
  return tree;
}

const OS_RELEASE = `PRETTY_NAME="Diskferry mini guest 1"
NAME="Diskferry mini guest"
ID=diskferry-mini
VERSION_ID="1"
`;
