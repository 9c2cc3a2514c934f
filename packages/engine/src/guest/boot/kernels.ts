import type { Filesystem } from '../filesystem/filesystem.ts';
import type { Kernel } from '../report.ts';

const KERNEL_LIMIT = 32;
const IMAGE = /^(?:vmlinu[xz]|kernel|bzImage|Image)-([\w.+~-]+)$/;
/** What a system writes for rescue holds everything, and does not tell what the usual one holds. */
const RESCUE = /^0-rescue-/;

/** The kernels in /boot, newest last, each with its initramfs. */
export async function findKernels(files: Filesystem): Promise<readonly Kernel[]> {
  const names = await files.list('/boot');
  const kernels: Kernel[] = [];
  for (const name of names) {
    const version = IMAGE.exec(name)?.[1];
    if (version === undefined || RESCUE.test(version) || /\.(old|bak|hmac|efi\.signed)$/.test(name)) continue;
    const initramfs = initramfsNames(version).find((candidate) => names.includes(candidate));
    kernels.push({ version, image: `/boot/${name}`, initramfs: initramfs === undefined ? null : `/boot/${initramfs}` });
  }
  return kernels.toSorted((a, b) => compareVersions(a.version, b.version)).slice(-KERNEL_LIMIT);
}

function initramfsNames(version: string): string[] {
  return [
    `initrd.img-${version}`,
    `initramfs-${version}.img`,
    `initrd-${version}`,
    `initrd-${version}.img`,
    `initramfs-${version}`,
    `initramfs-${version.replace(/^.*-/, '')}.img`,
  ];
}

/** Numbers by their value, everything else by its letters. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
