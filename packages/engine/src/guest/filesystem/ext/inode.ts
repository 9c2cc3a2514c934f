import type { Bytes } from '../../../base/bytes.ts';
import { u16le, u32le } from '../../../base/endian.ts';
import { damaged } from '../../fault.ts';
import type { NodeKind, TreeNode } from '../filesystem.ts';
import { readBounded } from '../../part.ts';
import type { ExtSuperblock } from './superblock.ts';

export interface ExtInode extends TreeNode {
  readonly number: number;
  readonly flags: number;
  /** The 60 bytes that hold a map, a short link, or the beginning of inline data. */
  readonly map: Uint8Array;
  /** What lies inside of the inode where it holds its own data; see `inline-data.ts`. */
  readonly raw: Uint8Array;
  /** Sectors; none where a link is stored in the map. */
  readonly sectors: number;
}

export const FLAGS = { encrypted: 0x800, extents: 0x8_0000, inline: 0x1000_0000 };
export const ROOT_INODE = 2;

export async function readInode(part: Bytes, superblock: ExtSuperblock, number: number): Promise<ExtInode> {
  if (number < 1 || number > superblock.inodes) throw damaged(`inode ${number} of ${superblock.inodes}`);
  const group = Math.floor((number - 1) / superblock.inodesPerGroup);
  const table = await inodeTableOf(part, superblock, group);
  const offset = table * superblock.blockSize + ((number - 1) % superblock.inodesPerGroup) * superblock.inodeSize;
  const raw = await readBounded(part, { offset, length: superblock.inodeSize }, 64 * 1024, `inode ${number}`);
  const kind = kindOf(u16le(raw, 0));
  const high = kind === 'file' || kind === 'directory' ? u32le(raw, 108) : 0;
  return {
    number,
    kind,
    size: Math.min(u32le(raw, 4) + high * 2 ** 32, Number.MAX_SAFE_INTEGER),
    flags: u32le(raw, 32),
    map: raw.subarray(40, 100),
    raw,
    sectors: u32le(raw, 28),
  };
}

async function inodeTableOf(part: Bytes, superblock: ExtSuperblock, group: number): Promise<number> {
  const { blockSize, descriptorSize } = superblock;
  const perBlock = Math.floor(blockSize / descriptorSize);
  const block = descriptorBlock(superblock, group, perBlock);
  const offset = block * blockSize + (group % perBlock) * descriptorSize;
  const descriptor = await readBounded(part, { offset, length: descriptorSize }, 64 * 1024, `group ${group}`);
  return u32le(descriptor, 8) + (descriptorSize >= 64 ? u32le(descriptor, 0x28) * 2 ** 32 : 0);
}

function descriptorBlock(superblock: ExtSuperblock, group: number, perBlock: number): number {
  const metaGroup = Math.floor(group / perBlock);
  const { firstMetaGroup, firstDataBlock, blocksPerGroup } = superblock;
  if (firstMetaGroup === undefined || metaGroup < firstMetaGroup) return firstDataBlock + 1 + metaGroup;
  const first = metaGroup * perBlock;
  return firstDataBlock + first * blocksPerGroup + (!superblock.sparse || hasCopy(first) ? 1 : 0);
}

/** Copies of the superblock stand in groups 0, 1 and the powers of 3, 5 and 7. */
function hasCopy(group: number): boolean {
  if (group <= 1) return true;
  return [3, 5, 7].some((base) => {
    let power = base;
    while (power < group) power *= base;
    return power === group;
  });
}

export function kindOf(mode: number): NodeKind {
  const type = mode & 0xf000;
  if (type === 0x8000) return 'file';
  if (type === 0x4000) return 'directory';
  return type === 0xa000 ? 'symlink' : 'other';
}
