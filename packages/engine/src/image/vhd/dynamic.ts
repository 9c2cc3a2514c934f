import { alignUp, SECTOR } from '../../base/align.ts';
import { endOf, overlap, type Bytes, type Range } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { blockExtents, checkBlocks, HOLE, usedLength, type BlockMap } from '../block-map.ts';
import type { Image } from '../image.ts';
import { mappedImage } from '../mapped.ts';
import { TablePages } from '../table-pages.ts';
import { readDynamicHeader, TABLE_ENTRY_SIZE, type DynamicHeader } from './dynamic-header.ts';
import type { Found } from './find-footer.ts';
import { factsOf } from './facts.ts';
import { diskSize, type SizeRule } from './size-rule.ts';

/**
 * A dynamic VHD: a table of sector numbers, one for each block, and blocks that begin with a bitmap of their sectors.
 *
 * The bitmap is not looked at. The specification wants sectors whose bit is clear to be zeros in the file as well
 * ("Sector Bitmap and Data Block"), so both ways read the same disk from every sound image. On others, Windows and qemu
 * give the stored bytes, 7-Zip and libvhdi zeros. The stored bytes are the safe answer: bits that a writer forgot
 * to set would lose data, whereas no guest minds what lies in a sector it has never written. And the bitmaps of a 1 TiB
 * disk would cost half a million requests.
 */
const UNUSED = 0xffff_ffff;

export async function openDynamic(file: Bytes, found: Found, rule: SizeRule, signal?: AbortSignal): Promise<Image> {
  const { size, warning } = diskSize(found.footer, rule);
  const header = await readDynamicHeader(file, found.footer, size, signal);
  const map = blockMap(file, header, { diskSize: size, dataEnd: found.dataEnd });
  await checkBlocks(map, header.blockSize + bitmapSize(header.blockSize), signal);
  return mappedImage({
    size,
    facts: factsOf(found, [warning], header.blockSize),
    files: [file],
    extents: (within, signal) => blockExtents(map, within, signal),
  });
}

function blockMap(file: Bytes, header: DynamicHeader, ends: { diskSize: number; dataEnd: number }): BlockMap {
  const { blockSize, table } = header;
  const bitmap = bitmapSize(blockSize);
  const disk = { diskSize: ends.diskSize, blockSize };
  return {
    ...disk,
    table: new TablePages(file, table),
    entrySize: TABLE_ENTRY_SIZE,
    entryAt: (block) => block * TABLE_ENTRY_SIZE,
    blockAt: (entry) => Math.ceil(entry / TABLE_ENTRY_SIZE),
    place(page, at, block) {
      const sector = page.getUint32(at);
      if (sector === UNUSED) return HOLE;
      const stored = { offset: sector * SECTOR, length: bitmap + usedLength(disk, block) };
      checkStored(stored, { ...ends, header, block });
      return stored.offset + bitmap;
    },
  };
}

/** One bit for each sector, in whole sectors. */
function bitmapSize(blockSize: number): number {
  return alignUp(Math.ceil(blockSize / SECTOR / 8), SECTOR);
}

function checkStored(stored: Range, at: { header: DynamicHeader; dataEnd: number; block: number }): void {
  if (endOf(stored) > at.dataEnd) {
    const message = `block ${at.block} is stored up to ${endOf(stored)}, the data of the file ends at ${at.dataEnd}`;
    throw new DiskferryError('image-truncated', message, { offset: stored.offset });
  }
  const { header } = at;
  if (!header.taken.some((range) => overlap(range, stored))) return;
  const message = `block ${at.block} is stored at ${stored.offset}, over the headers or the block table`;
  throw new DiskferryError('image-damaged', message, { offset: header.table.offset + at.block * TABLE_ENTRY_SIZE });
}
