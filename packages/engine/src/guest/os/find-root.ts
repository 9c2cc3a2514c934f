import type { Volume } from '../volume/volumes.ts';
import { reasonOf } from '../fault.ts';
import type { Filesystem } from '../filesystem/filesystem.ts';

export type Root = { readonly family: 'linux' | 'windows'; readonly volume: Volume; readonly files: Filesystem };

const LINUX = ['/etc/os-release', '/usr/lib/os-release', '/etc/fstab', '/etc/redhat-release', '/etc/debian_version'];
const WINDOWS = ['/Windows/System32/config/SYSTEM'];
/** What only a whole system has: a live medium or a rescue partition may have the files above. */
const INIT = [
  '/sbin/init',
  '/usr/sbin/init',
  '/lib/systemd/systemd',
  '/usr/lib/systemd/systemd',
  '/bin/sh',
  '/usr/bin/sh',
];

export interface Roots {
  readonly roots: readonly Root[];
  /** Volumes of which nobody can say whether a system lies on them. */
  readonly unseen: readonly string[];
}

/** The volumes that hold a system, in the order of the disk. */
export async function findRoots(volumes: readonly Volume[]): Promise<Roots> {
  const roots: Root[] = [];
  const unseen: string[] = [];
  for (const volume of volumes) {
    if (!volume.files) continue;
    try {
      const family = await familyOf(volume.files);
      if (family) roots.push({ family, volume, files: volume.files });
    } catch (error) {
      unseen.push(`${volume.place}: ${reasonOf(error)}`);
    }
  }
  return { roots, unseen };
}

async function familyOf(files: Filesystem): Promise<Root['family'] | undefined> {
  if (await hasAny(files, WINDOWS)) return 'windows';
  return (await hasAny(files, LINUX)) && (await hasAny(files, INIT)) ? 'linux' : undefined;
}

export async function hasAny(files: Filesystem, paths: readonly string[]): Promise<boolean> {
  for (const path of paths) {
    // A link that leads out of this filesystem is there all the same.
    const folder = path.slice(0, path.lastIndexOf('/'));
    if (
      (await files.list(folder === '' ? '/' : folder)).some(
        (name) => name.toLowerCase() === path.slice(folder.length + 1).toLowerCase(),
      )
    )
      return true;
  }
  return false;
}
