import type { Budget } from '../cache/budget.ts';
import { readDrivers } from '../boot/drivers.ts';
import { findKernels } from '../boot/kernels.ts';
import { attempt, fact } from '../facts.ts';
import type { Filesystem } from '../filesystem/filesystem.ts';
import { valueOf, type BootFacts, type Kernel, type SystemFacts } from '../report.ts';
import type { Volume } from '../volume/volumes.ts';
import { readCloudInit } from './cloud-init.ts';
import { findConflicts } from './conflicts.ts';
import { readCrypttab, readFstab } from './fstab.ts';
import { readArchitecture, readDistribution, readHostname } from './identity.ts';
import { readNetwork } from './network.ts';

/** What a Linux system says about itself. */
export async function readLinux(
  root: string,
  files: Filesystem,
  volumes: readonly Volume[],
  boot: BootFacts,
  budget: Budget,
  warn: (text: string) => void,
): Promise<SystemFacts> {
  const kernels = await attempt('kernels', [] as readonly Kernel[], warn, () => findKernels(files));
  return {
    family: 'linux',
    root,
    distribution: await fact(() => readDistribution(files)),
    architecture: await fact(() => readArchitecture(files)),
    hostname: await fact(() => readHostname(files)),
    kernels,
    fstab: await fact(() => readFstab(files, volumes)),
    crypttab: await fact(() => readCrypttab(files)),
    network: await attempt('network', [], warn, () => readNetwork(files)),
    cloudInit: await fact(() => readCloudInit(files)),
    conflicts: await attempt('software', [], warn, () => findConflicts(files)),
    // Last: the initramfs is what takes most of the budget.
    drivers: await fact(async () => {
      const kernel = defaultKernel(kernels, boot);
      return kernel ? await readDrivers(files, kernel, budget) : { unknown: 'no kernel was found in /boot' };
    }),
    windows: null,
  };
}

/** The kernel of the entry that starts by itself; where that is not known, the newest. */
export function defaultKernel(kernels: readonly Kernel[], boot: BootFacts): Kernel | undefined {
  const entry = boot.entries[valueOf(boot.chosen) ?? -1];
  const name = entry?.kernel.split('/').at(-1);
  const kernel = kernels.find(({ image }) => image.split('/').at(-1) === name) ?? kernels.at(-1);
  if (!kernel || !entry) return kernel;
  const initrd = entry.initrds
    .map((path) => path.split('/').at(-1))
    .findLast((each) => each && !/ucode|microcode/.test(each));
  return initrd === undefined ? { ...kernel, initramfs: null } : { ...kernel, initramfs: `/boot/${initrd}` };
}
