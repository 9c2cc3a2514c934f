import type { Bytes } from '../base/bytes.ts';
import { Budget, USUAL_LIMITS, type BudgetLimits } from './cache/budget.ts';
import { FrugalBytes } from './cache/frugal-bytes.ts';
import { attempt } from './facts.ts';
import { inspectSystem, notLookedFor } from './inspect-system.ts';
import type { PartitionTable } from './partition/partition.ts';
import { readPartitionTable } from './partition/read-table.ts';
import type { GuestReport } from './report.ts';
import { findVolumes, type Volume } from './volume/volumes.ts';

export interface InspectOptions {
  readonly limits?: BudgetLimits;
  readonly signal?: AbortSignal | undefined;
  /** Leaves out what system lies on it and how that starts: enough for a disk that only holds data. */
  readonly onlyVolumes?: boolean;
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
  const inside = options.onlyVolumes
    ? notLookedFor(volumes)
    : await inspectSystem({ disk: frugal, table, volumes, budget }, warn);
  options.signal?.throwIfAborted();
  return {
    diskSize: disk.size,
    table: { kind: read ? table.kind : 'unknown', sectorSize: table.sectorSize, id: table.id ?? null },
    volumes: volumes.map(({ place, size, partition, content, layers, unread }) => ({
      place,
      size,
      partition,
      content,
      layers,
      unread,
    })),
    ...inside,
    nature: read ? inside.nature : { kind: 'unknown', because: 'the partition table could not be read' },
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
