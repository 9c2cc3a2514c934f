import type { Budget } from '../cache/budget.ts';
import { readDrivers } from '../boot/drivers.ts';
import { findKernels } from '../boot/kernels.ts';
import { findStarted } from '../boot/started.ts';
import { attempt, fact } from '../facts.ts';
import type { Filesystem } from '../filesystem/filesystem.ts';
import type { BootFacts, Kernel, SystemFacts } from '../report.ts';
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
  const started = await fact(() => findStarted(files, kernels, boot));
  return {
    family: 'linux',
    root,
    distribution: await fact(() => readDistribution(files)),
    architecture: await fact(() => readArchitecture(files)),
    hostname: await fact(() => readHostname(files)),
    kernels,
    started,
    fstab: await fact(() => readFstab(files, volumes)),
    crypttab: await fact(() => readCrypttab(files)),
    network: await attempt('network', [], warn, () => readNetwork(files)),
    cloudInit: await fact(() => readCloudInit(files)),
    conflicts: await attempt('software', [], warn, () => findConflicts(files)),
    // Last: the initramfs is what takes most of the budget.
    drivers: await fact(async () => ('unknown' in started ? started : await readDrivers(files, started.value, budget))),
    windows: null,
  };
}
