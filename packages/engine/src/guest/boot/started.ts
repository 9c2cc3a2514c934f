import type { Filesystem } from '../filesystem/filesystem.ts';
import { valueOf, type BootFacts, type Fact, type Kernel, type StartedKernel } from '../report.ts';

const MICROCODE = /ucode|microcode/;

/** The kernel that starts by itself, with its initramfs: as the boot loader is told, or the only one there is. */
export async function findStarted(
  files: Filesystem,
  kernels: readonly Kernel[],
  boot: BootFacts,
): Promise<Fact<StartedKernel>> {
  const entry = boot.entries[valueOf(boot.chosen) ?? -1];
  if (!entry) {
    const [only, ...more] = kernels;
    if (only && more.length === 0) return { value: { ...only, missing: [] }, from: '/boot' };
    return { unknown: 'unknown' in boot.chosen ? boot.chosen.unknown : 'the boot loader starts no known entry' };
  }
  const missing: string[] = [];
  const image = await locate(files, entry.kernel, missing);
  const initrds: string[] = [];
  for (const path of entry.initrds) {
    const found = await locate(files, path, missing);
    if (found !== undefined && !MICROCODE.test(found)) initrds.push(found);
  }
  const kernel = kernels.find((each) => each.image === image);
  const version = kernel?.version ?? versionOf(entry.kernel);
  const value = { version, image: image ?? entry.kernel, initramfs: initrds.at(-1) ?? null, missing };
  return { value, from: boot.config ?? 'the boot loader' };
}

/** As the boot loader sees it: from the root of the volume that holds /boot, which may be the root itself. Links count. */
async function locate(files: Filesystem, path: string, missing: string[]): Promise<string | undefined> {
  const rooted = path.startsWith('/') ? path : `/${path}`;
  for (const place of [rooted, `/boot${rooted}`, `/boot/efi${rooted}`, `/efi${rooted}`]) {
    const found = await files.lookup(place);
    if (found?.kind === 'file') return found.path;
  }
  missing.push(path);
  return undefined;
}

function versionOf(path: string): string {
  return /-([\w.+~-]+)$/.exec(path.split('/').at(-1) ?? '')?.[1] ?? '';
}
