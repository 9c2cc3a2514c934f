import { KiB } from '../../../base/align.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { u16le, u32le } from '../../../base/endian.ts';
import { damaged, unsupported } from '../../fault.ts';
import { readBounded } from '../../part.ts';

/** Of ext2, ext3 and ext4 (Linux, Documentation/filesystems/ext4). Words are little-endian. */
export interface ExtSuperblock {
  readonly blockSize: number;
  readonly blocks: number;
  readonly firstDataBlock: number;
  readonly blocksPerGroup: number;
  readonly inodesPerGroup: number;
  readonly inodes: number;
  readonly inodeSize: number;
  readonly descriptorSize: number;
  /** From this meta group on descriptors lie in their groups; undefined: all lie behind the superblock. */
  readonly firstMetaGroup: number | undefined;
  /** Only some groups have a copy of the superblock: needed to find descriptors in meta groups. */
  readonly sparse: boolean;
}

const INCOMPATIBLE = { journalDevice: 0x8, metaGroups: 0x10, wide: 0x80, largeXattr: 0x400 };
const SPARSE_SUPER = 0x1;
const KNOWN =
  0x2 | 0x4 | 0x10 | 0x40 | 0x80 | 0x100 | 0x200 | 0x400 | 0x1000 | 0x2000 | 0x4000 | 0x8000 | 0x1_0000 | 0x2_0000;

/** @throws GuestFault */
export async function readSuperblock(part: Bytes): Promise<ExtSuperblock> {
  const block = await readBounded(part, { offset: 1024, length: 1024 }, 1024, 'the superblock');
  const incompatible = u32le(block, 96);
  if (u16le(block, 56) !== 0xef53) throw damaged('no superblock of ext2, ext3 or ext4');
  if ((incompatible & INCOMPATIBLE.journalDevice) !== 0) throw unsupported('it is the journal of another filesystem');
  if ((incompatible & ~KNOWN) !== 0) throw unsupported(`unknown features 0x${(incompatible & ~KNOWN).toString(16)}`);
  const wide = (incompatible & INCOMPATIBLE.wide) !== 0;
  const hasRevision = u32le(block, 76) > 0;
  const superblock: ExtSuperblock = {
    blockSize: 1024 * 2 ** Math.min(u32le(block, 24), 10),
    blocks: u32le(block, 4) + (wide ? u32le(block, 0x150) * 2 ** 32 : 0),
    firstDataBlock: u32le(block, 20),
    blocksPerGroup: u32le(block, 32),
    inodesPerGroup: u32le(block, 40),
    inodes: u32le(block, 0),
    inodeSize: hasRevision ? u16le(block, 88) : 128,
    descriptorSize: wide ? Math.max(32, u16le(block, 254)) : 32,
    firstMetaGroup: (incompatible & INCOMPATIBLE.metaGroups) !== 0 ? u32le(block, 0x104) : undefined,
    sparse: (u32le(block, 100) & SPARSE_SUPER) !== 0,
  };
  return checked(superblock);
}

function checked(superblock: ExtSuperblock): ExtSuperblock {
  const { blockSize, inodeSize, blocksPerGroup, inodesPerGroup, descriptorSize } = superblock;
  const sane =
    blockSize <= 64 * KiB &&
    inodeSize >= 128 &&
    inodeSize <= blockSize &&
    blocksPerGroup > 0 &&
    inodesPerGroup > 0 &&
    descriptorSize <= blockSize;
  if (!sane) throw damaged('the superblock contradicts itself');
  return superblock;
}
