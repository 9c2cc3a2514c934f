import type { Budget } from '../cache/budget.ts';
import { readDrivers } from '../boot/drivers.ts';
import { findKernels } from '../boot/kernels.ts';
import { findStarted } from '../boot/started.ts';
import { fact } from '../facts.ts';
import type { Filesystem } from '../filesystem/filesystem.ts';
import type { BootFacts, SystemFacts } from '../report.ts';
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
): Promise<Omit<SystemFacts, 'subvolume'>> {
  const kernels = await fact(async () => ({ value: await findKernels(files), from: '/boot' }));
  const started = await fact(async () =>
    'unknown' in kernels ? kernels : await findStarted(files, kernels.value, boot),
  );
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
    network: await fact(async () => ({ value: await readNetwork(files), from: '/etc' })),
    cloudInit: await fact(() => readCloudInit(files)),
    conflicts: await fact(async () => ({ value: await findConflicts(files), from: 'their usual places' })),
    // Last: the initramfs is what takes most of the budget.
    drivers: await fact(async () => ('unknown' in started ? started : await readDrivers(files, started.value, budget))),
    windows: null,
  };
}
