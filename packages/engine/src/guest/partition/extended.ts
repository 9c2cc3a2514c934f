import { readBytes, type Bytes } from '../../base/bytes.ts';
import { SECTOR } from '../../base/align.ts';
import { hasMbrMark, isExtended, isUsed, mbrEntries, type MbrEntry } from './mbr-sector.ts';
import { PARTITION_LIMIT } from './partition.ts';

/** Logical partitions with their start on the disk. A chain that returns, leaves the disk or never ends is cut. */
export async function logicalPartitions(
  disk: Bytes,
  container: MbrEntry,
  sectorSize: number,
  warn: (text: string) => void,
): Promise<MbrEntry[]> {
  const found: MbrEntry[] = [];
  const seen = new Set<number>();
  let link: number | undefined = container.start;
  while (link !== undefined) {
    const at = link * sectorSize;
    const cut = seen.has(link) ? 'returns to itself' : at + SECTOR > disk.size ? 'leaves the disk' : undefined;
    if (cut !== undefined || seen.size >= PARTITION_LIMIT) {
      warn(`the chain of logical partitions ${cut ?? `has more than ${PARTITION_LIMIT} links`}, at sector ${link}`);
      return found;
    }
    seen.add(link);
    const sector = await readBytes(disk, { offset: at, length: SECTOR });
    if (!hasMbrMark(sector)) {
      warn(`the chain of logical partitions is broken at sector ${link}`);
      return found;
    }
    const entries = mbrEntries(sector).filter(isUsed);
    const own = entries.find((entry) => !isExtended(entry));
    if (own) found.push({ ...own, start: own.start + link });
    const next = entries.find(isExtended);
    link = next ? next.start + container.start : undefined;
  }
  return found;
}
