import { endOf, type Bytes } from '../../base/bytes.ts';
import { DiskferryError } from '../../base/errors.ts';
import { blockExtents, checkBlocks, HOLE, usedLength, ZERO, type BlockMap } from '../block-map.ts';
import type { Image, ImageFormat } from '../image.ts';
import { mappedImage } from '../mapped.ts';
import { scanByMap } from '../scan-map.ts';
import { TablePages } from '../table-pages.ts';
import { hasSignature, MAP_ENTRY_SIZE, readHeader, type Header } from './header.ts';

/** VirtualBox disk images, version 1.1: dynamic and static. Differencing and undo images are refused. */
export const vdi: ImageFormat = {
  name: 'vdi',
  probe: ({ head }) => hasSignature(head),
  open: (file, _around, signal) => openVdi(file, signal),
  scan: (stream, how) => scanByMap(stream, how, (file) => openVdi(file, how.signal)),
};

/** Entries of the block map that name no block: never written, and zeroed (VDICore.h: BLOCK_FREE, BLOCK_ZERO). */
const FREE = 0xffff_ffff;
const ZEROED = 0xffff_fffe;

async function openVdi(file: Bytes, signal?: AbortSignal): Promise<Image> {
  const header = await readHeader(file, signal);
  const map = blockMap(file, header);
  await checkBlocks(map, header.blockSize, signal);
  return mappedImage({
    size: header.diskSize,
    facts: {
      format: 'vdi',
      subformat: header.subformat,
      features: [],
      warnings: [],
      clusterSize: header.blockSize,
    },
    files: [file],
    extents: (within, signal) => blockExtents(map, within, signal),
  });
}

/** Blocks are counted from where the data begins, so none can lie over the header or the map. */
function blockMap(file: Bytes, header: Header): BlockMap {
  return {
    diskSize: header.diskSize,
    blockSize: header.blockSize,
    table: new TablePages(file, header.table),
    entrySize: MAP_ENTRY_SIZE,
    entryAt: (block) => block * MAP_ENTRY_SIZE,
    blockAt: (entry) => Math.ceil(entry / MAP_ENTRY_SIZE),
    place(page, at, block) {
      const entry = page.getUint32(at, true);
      if (entry === FREE) return HOLE;
      if (entry === ZEROED) return ZERO;
      const stored = {
        offset: header.dataOffset + entry * header.blockSize,
        length: usedLength(header, block),
      };
      if (endOf(stored) <= file.size) return stored.offset;
      const message = `block ${block} is stored up to ${endOf(stored)}, the file ends at ${file.size}`;
      throw new DiskferryError('image-truncated', message, { offset: header.table.offset + block * MAP_ENTRY_SIZE });
    },
  };
}
