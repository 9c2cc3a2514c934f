import { existsSync } from 'node:fs';
import { hasTool } from '../../../engine/testing/tools.ts';
import { findFirmware, findQemu } from '../../src/providers/local/guest/programs.ts';
import { findGuestKernel } from './guest-kernel.ts';
import type { MiniGuest } from './mini-guest.ts';

/** Folders of GRUB's modules, one for each firmware. */
export const GRUB_BIOS = '/usr/lib/grub/i386-pc';
export const GRUB_UEFI = '/usr/lib/grub/x86_64-efi';

/** Programs by the package of Debian that has them. */
const PROGRAMS = {
  e2fsprogs: ['mke2fs', 'debugfs'],
  fdisk: ['sfdisk'],
  'util-linux': ['mkswap'],
  'grub-common': ['grub-mkimage'],
} as const;

/** For the names of tests that make guests and start them. */
export const GUESTS_NEED = '[needs qemu-system-x86, ovmf, grub, mtools, busybox-static and the kernel of guests]';

/**
 * What has to be done before guests can be made and started, one command each; nothing where they can. Of one guest, or
 * else of any.
 */
export async function missingForGuests(guest?: Pick<MiniGuest, 'firmware' | 'layout' | 'rootFs'>): Promise<string[]> {
  const any = guest === undefined;
  const packages: [string, boolean][] = [
    ['qemu-system-x86', await succeeds(findQemu())],
    ...Object.entries(PROGRAMS).map(([name, programs]): [string, boolean] => [name, programs.every(hasTool)]),
    ['busybox-static', busyboxPath() !== undefined],
    ['fakeroot', process.getuid?.() === 0 || hasTool('fakeroot')],
  ];
  if (any || guest.firmware === 'bios') packages.push(['grub-pc-bin', existsSync(`${GRUB_BIOS}/boot.img`)]);
  if (any || guest.firmware === 'uefi') {
    packages.push(['ovmf', await succeeds(findFirmware())], ['mtools', hasTool('mtools')]);
    packages.push(['grub-efi-amd64-bin', existsSync(`${GRUB_UEFI}/moddep.lst`)]);
  }
  if (any || guest.rootFs === 'xfs') packages.push(['xfsprogs', hasTool('mkfs.xfs')]);
  if (any || guest.layout === 'lvm') packages.push(['lvm2', hasTool('lvm')]);
  const absent = packages.filter(([, here]) => !here).map(([name]) => name);
  const install = absent.length > 0 ? [`apt-get install --no-install-recommends ${absent.join(' ')}`] : [];
  return findGuestKernel() ? install : [...install, 'npm run guest-kernel'];
}

/** Debian's busybox-static, which needs no libraries: guests have none. */
export function busyboxPath(): string | undefined {
  return ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
}

function succeeds(promise: Promise<unknown>): Promise<boolean> {
  return promise.then(
    () => true,
    () => false,
  );
}
