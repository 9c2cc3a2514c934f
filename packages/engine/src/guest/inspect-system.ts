import type { Bytes } from '../base/bytes.ts';
import { readBoot } from './boot/boot.ts';
import type { Budget } from './cache/budget.ts';
import { attempt } from './facts.ts';
import type { Filesystem } from './filesystem/filesystem.ts';
import { findRoots, rootIn, type Root } from './os/find-root.ts';
import { readFstab } from './os/fstab.ts';
import { readLinux } from './os/linux.ts';
import { Mounts, type Mount } from './os/mounts.ts';
import { natureOf } from './os/nature.ts';
import { rootSubvolume, startedEntry, subvolumeIn } from './os/subvolume.ts';
import { readWindows } from './os/windows/windows.ts';
import type { PartitionTable } from './partition/partition.ts';
import { valueOf, type GuestReport } from './report.ts';
import { shown } from './text.ts';
import { findNamed } from './volume/device-name.ts';
import type { Volume } from './volume/volumes.ts';

type Inside = Pick<GuestReport, 'nature' | 'system' | 'boot'>;

interface Surroundings {
  readonly disk: Bytes;
  readonly table: PartitionTable;
  readonly volumes: readonly Volume[];
  readonly budget: Budget;
}

/** Which system lies on the volumes, and how it starts. */
export async function inspectSystem(
  { disk, table, volumes, budget }: Surroundings,
  warn: (text: string) => void,
): Promise<Inside> {
  const found = await findRoots(volumes);
  const { roots } = found;
  for (const text of found.unseen) warn(text);
  if (roots.length > 1)
    warn(`systems lie on ${roots.map(({ volume }) => volume.place).join(', ')}; the first is looked at`);
  const bootWith = async (files: Filesystem | undefined) => await readBoot(disk, table, volumes, files, warn);
  const first = roots[0];
  const files = first && (await mounted(first, volumes, warn));
  const boot = await bootWith(files);
  if (!first || !files) return { nature: natureOf(table, volumes, found), system: null, boot };
  const told = await attempt('subvolume', undefined, warn, () => toldRoot(first, boot));
  if (!told) {
    const system = await systemOf(first, files, { volumes, table, boot, budget });
    return { nature: natureOf(table, volumes, found), system, boot };
  }
  const toldFiles = await mounted(told, volumes, warn);
  const toldBoot = await bootWith(toldFiles);
  const system = await systemOf(told, toldFiles, { volumes, table, boot: toldBoot, budget });
  return { nature: natureOf(table, volumes, { ...found, roots: [told, ...roots.slice(1)] }), system, boot: toldBoot };
}

/** Of several systems in one Btrfs the kernel is told which: undefined where that is the one that was found. */
async function toldRoot(found: Root, boot: GuestReport['boot']): Promise<Root | undefined> {
  const entry = startedEntry(boot);
  const name = entry && rootSubvolume(entry);
  return name === undefined || name === found.subvolume ? undefined : await rootIn(found.volume, name);
}

/** Where nobody asked for a system: nothing is said about one. */
export function notLookedFor(volumes: readonly Volume[]): Inside {
  const held = volumes.map(({ place, content }) => `${place}: ${content?.kind ?? 'nothing known'}`);
  const unknown = 'it was not looked for a system';
  return {
    nature: { kind: 'unknown', because: `${held.slice(0, 10).join(', ') || 'no partition'}; ${unknown}` },
    system: null,
    boot: {
      bios: { code: null, complete: { unknown } },
      uefi: { unknown },
      loader: null,
      config: null,
      entries: [],
      chosen: { unknown },
    },
  };
}

/** The root with what its fstab mounts from this disk. */
async function mounted(root: Root, volumes: readonly Volume[], warn: (text: string) => void): Promise<Filesystem> {
  if (root.family !== 'linux') return root.files;
  const lines = await attempt('fstab', [], warn, async () => valueOf(await readFstab(root.files, volumes)) ?? []);
  // A boot loader names files from the top of Btrfs: /@/boot/vmlinuz.
  const mounts: Mount[] =
    root.subvolume === undefined ? [] : [{ at: `/${root.subvolume}`, files: root.files, isRoot: true }];
  for (const { device, path, options } of lines) {
    if (!path.startsWith('/') || path === '/') continue;
    const named = findNamed(device, volumes);
    const volume = named.by === 'identity' ? (named.volume as Volume | undefined) : byNumber(device, volumes);
    const subvolume = subvolumeIn(options);
    const shows = volume?.files;
    const files =
      subvolume === undefined || !shows?.subvolumes
        ? shows
        : await attempt(
            `subvolume ${shown(subvolume)}`,
            undefined,
            warn,
            async () => await shows.subvolumes?.open(subvolume),
          );
    if (files) mounts.push({ at: path.replace(/\/+$/, ''), files });
  }
  return new Mounts(root.files, mounts);
}

/** `/dev/sda1` of a system with one disk is the first partition of this one: good enough to look into, not to boot by. */
function byNumber(device: string, volumes: readonly Volume[]): Volume | undefined {
  const number = /^\/dev\/(?:[shv]da|xvda|nvme0n1p|mmcblk0p)(\d+)$/.exec(device)?.[1];
  return number === undefined ? undefined : volumes.find(({ partition }) => partition?.number === Number(number));
}

async function systemOf(
  root: Root,
  files: Filesystem,
  { volumes, table, boot, budget }: Omit<Surroundings, 'disk'> & { readonly boot: GuestReport['boot'] },
): Promise<GuestReport['system']> {
  const { place } = root.volume;
  const facts =
    root.family === 'linux'
      ? await readLinux(place, files, volumes, boot, budget)
      : await readWindows(place, files, { volumes, table });
  return { ...facts, subvolume: root.subvolume === undefined ? null : shown(root.subvolume) };
}
