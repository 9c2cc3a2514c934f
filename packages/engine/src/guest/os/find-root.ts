import type { Volume } from '../volume/volumes.ts';
import { reasonOf } from '../fault.ts';
import type { Filesystem } from '../filesystem/filesystem.ts';

export interface Root {
  readonly family: 'linux' | 'windows';
  readonly volume: Volume;
  readonly files: Filesystem;
  /** As `subvol=` names it; undefined where it is what the volume shows by itself. */
  readonly subvolume?: string;
}

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
      const root = await rootOn(volume, volume.files);
      if (root) roots.push(root);
    } catch (error) {
      unseen.push(`${volume.place}: ${reasonOf(error)}`);
    }
  }
  return { roots, unseen };
}

async function rootOn(volume: Volume, files: Filesystem): Promise<Root | undefined> {
  const family = await familyOf(files);
  if (family) return { family, volume, files };
  const names = (await files.subvolumes?.list()) ?? [];
  for (const name of names.toSorted((a, b) => rankOf(a) - rankOf(b)).slice(0, SUBVOLUME_LIMIT)) {
    const root = await rootIn(volume, name);
    if (root) return root;
  }
  return undefined;
}

/** The system in a subvolume of this name; undefined where there is none. @throws GuestFault */
export async function rootIn(volume: Volume, subvolume: string): Promise<Root | undefined> {
  const files = await volume.files?.subvolumes?.open(subvolume);
  const family = files && (await familyOf(files));
  return files && family ? { family, volume, files, subvolume } : undefined;
}

/** What distributions call the subvolume of their root: others may be snapshots of it. */
const USUAL = ['@', 'root', '@rootfs'];
const SUBVOLUME_LIMIT = 32;

function rankOf(name: string): number {
  const index = USUAL.indexOf(name);
  return index < 0 ? USUAL.length : index;
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
