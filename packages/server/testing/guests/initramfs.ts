import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { cpioOf } from './cpio.ts';
import type { GuestKernel } from './guest-kernel.ts';
import { addLvm } from './lvm-tool.ts';
import type { MiniGuest } from './mini-guest.ts';
import { systemTree } from './system-tree.ts';

const SCRIPT = join(import.meta.dirname, 'initramfs-init.sh');

/** What loads the drivers and finds the root. Only `drivers` are in it, as in an initramfs that was made for one machine. */
export async function initramfs(guest: MiniGuest, how: { kernel: GuestKernel; modules: readonly string[] }) {
  const tree = await systemTree(how.kernel, how.modules);
  tree.file('init', await readFile(SCRIPT), 0o755);
  tree.file('conf/modules', how.modules.map((name) => `${name}\n`).join(''));
  if (guest.layout === 'lvm' && guest.rootDrivers !== 'left out') await addLvm(tree);
  if (guest.afterMark === 'power off') tree.file('conf/power-off', '');
  return zstdCompressSync(cpioOf(tree));
}
