import type { Bytes } from '../base/bytes.ts';
import { readBoot } from './boot/boot.ts';
import { Budget, USUAL_LIMITS, type BudgetLimits } from './cache/budget.ts';
import { FrugalBytes } from './cache/frugal-bytes.ts';
import { attempt } from './facts.ts';
import type { Filesystem } from './filesystem/filesystem.ts';
import { findRoots, type Root } from './os/find-root.ts';
import { readFstab } from './os/fstab.ts';
import { readLinux } from './os/linux.ts';
import { Mounts } from './os/mounts.ts';
import { readWindows } from './os/windows/windows.ts';
import { natureOf } from './os/nature.ts';
import type { PartitionTable } from './partition/partition.ts';
import { readPartitionTable } from './partition/read-table.ts';
import { valueOf, type GuestReport } from './report.ts';
import { findNamed } from './volume/device-name.ts';
import { findVolumes, type Volume } from './volume/volumes.ts';

export interface InspectOptions {
  readonly limits?: BudgetLimits;
  readonly signal?: AbortSignal | undefined;
  /** How long the beginning of a packed image may take to come, in milliseconds. */
  readonly wait?: number;
}

const UNKNOWN_TABLE: PartitionTable = { kind: 'none', sectorSize: 512, partitions: [], warnings: [] };

/**
 * Looks at the disk inside an image: what it is, which system lies on it, how it starts. Reads little, writes nothing,
 * mounts nothing. Whatever the disk says ends in the report; only an abort is thrown.
 */
export async function inspectGuest(disk: Bytes, options: InspectOptions = {}): Promise<GuestReport> {
  const budget = new Budget(options.limits ?? USUAL_LIMITS);
  const frugal = new FrugalBytes(disk, budget, options.signal);
  const warnings: string[] = [];
  const warn = (text: string) => void (warnings.length < 100 && warnings.push(text));
  const { table, volumes, read } = await tableAndVolumes(frugal, warn);
  for (const warning of table.warnings) warn(warning);
  const found = await findRoots(volumes);
  const { roots } = found;
  for (const text of found.unseen) warn(text);
  const files = roots[0] && (await mounted(roots[0], volumes, warn));
  const boot = await readBoot(frugal, table, volumes, files, warn);
  const system = roots[0] && files ? await systemOf(roots[0], files, volumes, boot, budget) : null;
  if (roots.length > 1)
    warn(`systems lie on ${roots.map(({ volume }) => volume.place).join(', ')}; the first is looked at`);
  options.signal?.throwIfAborted();
  return {
    diskSize: disk.size,
    table: { kind: read ? table.kind : 'unknown', sectorSize: table.sectorSize, id: table.id ?? null },
    volumes: volumes.map(({ place, size, partition, content, unread }) => ({
      place,
      size,
      partition,
      content,
      unread,
    })),
    nature: read
      ? natureOf(table, volumes, found)
      : { kind: 'unknown', because: 'the partition table could not be read' },
    system,
    boot,
    warnings,
    cost: budget.cost,
  };
}

/** An MBR does not tell in which sectors it counts: where nothing is found in small ones, large ones are tried. */
async function tableAndVolumes(
  disk: Bytes,
  warn: (text: string) => void,
): Promise<{ readonly table: PartitionTable; readonly volumes: readonly Volume[]; readonly read: boolean }> {
  const table = await attempt('partition table', undefined, warn, () => readPartitionTable(disk));
  if (!table) return { table: UNKNOWN_TABLE, volumes: [], read: false };
  const volumes = await findVolumes(disk, table, warn);
  if (table.kind !== 'mbr' || volumes.some(({ content }) => content)) return { table, volumes, read: true };
  const large = await attempt('partition table', table, warn, () => readPartitionTable(disk, 4096));
  const found = await findVolumes(disk, large, () => undefined);
  return found.some(({ content }) => content)
    ? { table: large, volumes: found, read: true }
    : { table, volumes, read: true };
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
  volumes: readonly Volume[],
  boot: GuestReport['boot'],
  budget: Budget,
): Promise<GuestReport['system']> {
  const { place } = root.volume;
  return root.family === 'linux'
    ? await readLinux(place, files, volumes, boot, budget)
    : await readWindows(place, files);
}
