import { u32le, u64le } from '../../../base/endian.ts';
import { hex, mixedGuid } from '../../guid.ts';
import type { PartitionTable } from '../../partition/partition.ts';
import type { Fact, VolumeFacts } from '../../report.ts';

/** Behind 16 bytes of options: the kind of device. */
const KIND_AT = 16;
const BOOT = 5;
const PARTITION = 6;
/** A partition is named by its place (MBR) or GUID (GPT), and the disk that it lies on by its signature or GUID. */
const PARTITION_AT = 32;
const TABLE_AT = 52;
const DISK_AT = 56;
const GPT = 0;
const MBR = 1;

/**
 * The volume that a device element of the boot store means. Microsoft does not document the format; it was described by
 * those who compared elements with partition tables.
 * @param store the volume that the store lies on
 */
export function deviceIn(
  element: unknown,
  store: string,
  disk: { readonly volumes: readonly VolumeFacts[]; readonly table: PartitionTable },
): Fact<string> {
  if (!(element instanceof Uint8Array) || element.length < KIND_AT + 4) return { unknown: 'the store names no device' };
  const kind = u32le(element, KIND_AT);
  if (kind === BOOT) return { value: store, from: 'BCD' };
  if (kind !== PARTITION || element.length < DISK_AT + 16) return { unknown: `a device of kind ${kind}` };
  const table = u32le(element, TABLE_AT);
  if (table !== MBR && table !== GPT) return { unknown: `a partition in a table of kind ${table}` };
  const found = disk.volumes.find((volume) => isNamed(volume, element, disk.table));
  return { value: found?.place ?? ELSEWHERE, from: 'BCD' };
}

/** In place of a volume: the partition is not on this disk. */
export const ELSEWHERE = 'another disk';

function isNamed({ partition }: VolumeFacts, element: Uint8Array, table: PartitionTable): boolean {
  if (!partition) return false;
  if (u32le(element, TABLE_AT) === GPT) return partition.id.toLowerCase() === mixedGuid(element, PARTITION_AT);
  const isHere = table.id?.toLowerCase() === hex(u32le(element, DISK_AT), 8);
  return isHere && u64le(element, PARTITION_AT) === BigInt(partition.offset);
}
