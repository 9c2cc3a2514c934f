import { readBytes, type Bytes } from '../../base/bytes.ts';
import { SECTOR } from '../../base/align.ts';
import { hasGptMagic } from './gpt-header.ts';
import { readGpt } from './gpt.ts';
import { hasMbrMark, isPlausible, isUsed, mbrEntries } from './mbr-sector.ts';
import { readMbr } from './mbr.ts';
import type { PartitionTable } from './partition.ts';

const PROTECTIVE = 0xee;
const SECTOR_SIZES = [512, 4096];

/**
 * The partition table of a disk, whichever it has.
 * @param mbrSectorSize in which an MBR counts: unlike a GPT it does not tell
 */
export async function readPartitionTable(disk: Bytes, mbrSectorSize = SECTOR): Promise<PartitionTable> {
  const none: PartitionTable = { kind: 'none', sectorSize: SECTOR, partitions: [], warnings: [] };
  if (disk.size < SECTOR) return none;
  const sector = await readBytes(disk, { offset: 0, length: SECTOR });
  const entries = hasMbrMark(sector) ? mbrEntries(sector) : [];
  const isTable = isPlausible(entries);
  const isProtective = isTable && entries.some(({ type }) => type === PROTECTIVE);
  const gptSectorSize = await sectorSizeOfGpt(disk, isProtective);
  if (gptSectorSize !== undefined && (isProtective || !isTable)) {
    return await gptWith(disk, gptSectorSize, isTable ? entries.filter(isUsed).map(({ type }) => type) : undefined);
  }
  if (isProtective) return await readGpt(disk, SECTOR);
  return isTable ? await readMbr(disk, sector, mbrSectorSize) : none;
}

/**
 * Where the mark stands tells the size of a sector; without one in front, the backup at the end may. Without a protective
 * MBR either, that backup is what an older table left behind.
 */
async function sectorSizeOfGpt(disk: Bytes, isProtective: boolean): Promise<number | undefined> {
  const places = SECTOR_SIZES.map((size) => ({ size, offset: size }));
  if (isProtective) {
    places.push(...SECTOR_SIZES.map((size) => ({ size, offset: Math.floor(disk.size / size) * size - size })));
  }
  for (const { size, offset } of places) {
    if (offset < size || offset + 8 > disk.size) continue;
    if (hasGptMagic(await readBytes(disk, { offset, length: 8 }))) return size;
  }
  return undefined;
}

async function gptWith(disk: Bytes, sectorSize: number, mbrTypes: number[] | undefined): Promise<PartitionTable> {
  const table = await readGpt(disk, sectorSize);
  if (mbrTypes === undefined) {
    const warning = 'the protective MBR in front of the GPT is missing';
    return { ...table, warnings: [...table.warnings, warning] };
  }
  return mbrTypes.every((type) => type === PROTECTIVE) ? table : { ...table, kind: 'hybrid' };
}
