import type { Bytes } from '../../base/bytes.ts';
import { u64le } from '../../base/endian.ts';
import { isZero } from '../../base/zero.ts';
import { mixedGuid } from '../guid.ts';
import { wideField } from '../text.ts';
import { readGptHeader, type GptHeader } from './gpt-header.ts';
import { onDisk } from './on-disk.ts';
import { PARTITION_LIMIT, type Partition, type PartitionTable } from './partition.ts';
import { useOfGptType } from './type-names.ts';

const LEGACY_BOOTABLE = 1n << 2n;

/** A GPT, by whichever of its two headers is whole; what is wrong with the other is told. */
export async function readGpt(disk: Bytes, sectorSize: number): Promise<PartitionTable> {
  const warnings: string[] = [];
  const warn = (text: string) => void warnings.push(text);
  const header = await wholeHeader(disk, sectorSize, warn);
  if (!header) return { kind: 'gpt', sectorSize, partitions: [], warnings };
  return {
    kind: 'gpt',
    sectorSize,
    id: header.diskId,
    partitions: partitionsOf(header, disk.size, sectorSize, warn),
    warnings,
  };
}

async function wholeHeader(
  disk: Bytes,
  sectorSize: number,
  warn: (text: string) => void,
): Promise<GptHeader | undefined> {
  const primary = await readGptHeader(disk, sectorSize, sectorSize);
  const end = Math.floor(disk.size / sectorSize) - 1;
  const last = await readGptHeader(disk, end * sectorSize, sectorSize);
  if (typeof primary === 'string') {
    const use = typeof last === 'string' ? `neither can the backup: it ${last}` : 'the backup is used';
    warn(`the primary GPT header ${primary}; ${use}`);
    return typeof last === 'string' ? undefined : last;
  }
  if (typeof last !== 'string') return primary;
  const elsewhere = primary.other < end ? await readGptHeader(disk, primary.other * sectorSize, sectorSize) : last;
  if (typeof elsewhere !== 'string') {
    warn(`the backup GPT header stands at sector ${primary.other} and not at the end of the disk, which has grown`);
  } else {
    warn(`the backup GPT header ${elsewhere}`);
  }
  return primary;
}

function partitionsOf(
  { entries, entrySize }: GptHeader,
  diskSize: number,
  sectorSize: number,
  warn: (text: string) => void,
): Partition[] {
  const partitions: Partition[] = [];
  for (let at = 0; at < entries.length; at += entrySize) {
    const entry = entries.subarray(at, at + entrySize);
    if (isZero(entry.subarray(0, 16))) continue;
    if (partitions.length >= PARTITION_LIMIT) {
      warn(`the GPT has more than ${PARTITION_LIMIT} partitions`);
      break;
    }
    const number = at / entrySize + 1;
    const first = Number(u64le(entry, 32));
    const last = Number(u64le(entry, 40));
    if (last < first || !Number.isSafeInteger(last * sectorSize)) {
      warn(`partition ${number} begins at sector ${first} and ends at ${last}`);
      continue;
    }
    const length = (last - first + 1) * sectorSize;
    partitions.push({
      number,
      ...onDisk(diskSize, first * sectorSize, length, `partition ${number}`, warn),
      ...described(entry),
    });
  }
  return partitions;
}

function described(entry: Uint8Array): Pick<Partition, 'type' | 'use' | 'name' | 'id' | 'active'> {
  const type = mixedGuid(entry, 0);
  const name = wideField(entry, 56, 72);
  return {
    type,
    use: useOfGptType(type),
    ...(name ? { name } : {}),
    id: mixedGuid(entry, 16),
    active: (u64le(entry, 48) & LEGACY_BOOTABLE) !== 0n,
  };
}
