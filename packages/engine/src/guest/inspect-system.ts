import type { Bytes } from '../base/bytes.ts';
import { readBoot } from './boot/boot.ts';
import type { Budget } from './cache/budget.ts';
import { attempt } from './facts.ts';
import type { Filesystem } from './filesystem/filesystem.ts';
import { findRoots, type Root } from './os/find-root.ts';
import { readFstab } from './os/fstab.ts';
import { readLinux } from './os/linux.ts';
import { Mounts } from './os/mounts.ts';
import { natureOf } from './os/nature.ts';
import { readWindows } from './os/windows/windows.ts';
import type { PartitionTable } from './partition/partition.ts';
import { valueOf, type GuestReport } from './report.ts';
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
  const files = roots[0] && (await mounted(roots[0], volumes, warn));
  const boot = await readBoot(disk, table, volumes, files, warn);
  const system = roots[0] && files ? await systemOf(roots[0], files, { volumes, table, boot, budget }) : null;
  if (roots.length > 1)
    warn(`systems lie on ${roots.map(({ volume }) => volume.place).join(', ')}; the first is looked at`);
  return { nature: natureOf(table, volumes, found), system, boot };
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
  const mounts = lines.flatMap(({ device, path }) => {
    const named = findNamed(device, volumes);
    const files =
      named.by === 'identity' ? (named.volume as Volume | undefined)?.files : byNumber(device, volumes)?.files;
    return files && path.startsWith('/') && path !== '/' ? [{ at: path.replace(/\/+$/, ''), files }] : [];
  });
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
  return root.family === 'linux'
    ? await readLinux(place, files, volumes, boot, budget)
    : await readWindows(place, files, { volumes, table });
}
