import type { Bytes } from '../../base/bytes.ts';
import { hex } from '../guid.ts';
import { logicalPartitions } from './extended.ts';
import { diskSignature, isExtended, isUsed, mbrEntries, type MbrEntry } from './mbr-sector.ts';
import type { Partition, PartitionTable } from './partition.ts';
import { onDisk } from './on-disk.ts';
import { useOfMbrType } from './type-names.ts';

/** An MBR with its logical partitions. The caller has seen that the sector holds a table. */
export async function readMbr(disk: Bytes, sector: Uint8Array, sectorSize: number): Promise<PartitionTable> {
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const id = hex(diskSignature(sector), 8);
  const partitions: Partition[] = [];
  const entries = mbrEntries(sector);
  for (const [index, entry] of entries.entries()) {
    if (isUsed(entry) && !isExtended(entry)) add(index + 1, entry);
  }
  let number = 5;
  for (const container of entries.filter((entry) => isUsed(entry) && isExtended(entry)).slice(0, 1)) {
    for (const entry of await logicalPartitions(disk, container, sectorSize, warn)) add(number++, entry);
  }
  return { kind: 'mbr', sectorSize, id, partitions, warnings };

  function add(number: number, entry: MbrEntry): void {
    const place = onDisk(disk.size, entry.start * sectorSize, entry.count * sectorSize, `partition ${number}`, warn);
    partitions.push({
      number,
      ...place,
      type: hex(entry.type, 2),
      use: useOfMbrType(entry.type),
      id: `${id}-${hex(number, 2)}`,
      active: entry.status === 0x80,
    });
  }
}
