import { isPowerOfTwo, KiB } from '../../../base/align.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { u16be, u32be, u64be } from '../../../base/endian.ts';
import { damaged, unsupported } from '../../fault.ts';
import { readBounded } from '../../part.ts';
import { countOf, hasText } from '../signature/content.ts';

/** XFS versions 4 and 5 (XFS Algorithms & Data Structures, 3rd edition). Words are big-endian. */
export interface XfsSuperblock {
  readonly version: 4 | 5;
  readonly blockSize: number;
  readonly groupBlocks: number;
  readonly groups: number;
  readonly inodeSize: number;
  /** Logarithms: an address is made of its group and the rest. */
  readonly groupBlocksLog: number;
  readonly inodesPerBlockLog: number;
  readonly directoryBlockSize: number;
  readonly rootInode: number;
  /** Entries of directories tell the kind of what they name. */
  readonly hasFileTypes: boolean;
}

const FILE_TYPE_V4 = 0x200;
const FILE_TYPE_V5 = 0x1;

/** @throws GuestFault */
export async function readSuperblock(part: Bytes): Promise<XfsSuperblock> {
  const block = await readBounded(part, { offset: 0, length: 512 }, 512, 'the superblock');
  if (!hasText(block, 0, 'XFSB')) throw damaged('no superblock of XFS');
  const version = u16be(block, 100) & 0xf;
  if (version !== 4 && version !== 5) throw unsupported(`XFS version ${version}; 4 and 5 are known`);
  const blockSize = u32be(block, 4);
  const superblock: XfsSuperblock = {
    version,
    blockSize,
    groupBlocks: u32be(block, 84),
    groups: u32be(block, 88),
    inodeSize: u16be(block, 104),
    groupBlocksLog: block[124] ?? 0,
    inodesPerBlockLog: block[123] ?? 0,
    directoryBlockSize: blockSize * 2 ** Math.min(block[192] ?? 0, 16),
    rootInode: countOf(u64be(block, 56)) ?? 0,
    hasFileTypes: version === 5 ? (u32be(block, 216) & FILE_TYPE_V5) !== 0 : (u32be(block, 200) & FILE_TYPE_V4) !== 0,
  };
  return checked(superblock);
}

function checked(superblock: XfsSuperblock): XfsSuperblock {
  const { blockSize, inodeSize, groupBlocks, groupBlocksLog, inodesPerBlockLog, directoryBlockSize } = superblock;
  const sane =
    isPowerOfTwo(blockSize) &&
    blockSize >= 512 &&
    blockSize <= 64 * KiB &&
    isPowerOfTwo(inodeSize) &&
    inodeSize >= 256 &&
    inodeSize <= 2 * KiB &&
    groupBlocks > 0 &&
    groupBlocks <= 2 ** groupBlocksLog &&
    groupBlocksLog <= 31 &&
    2 ** inodesPerBlockLog * inodeSize <= blockSize &&
    directoryBlockSize <= 64 * KiB;
  if (!sane) throw damaged('the superblock contradicts itself');
  return superblock;
}

/** Where a block lies that is named by its group and its place in the group. */
export function blockOffset(superblock: XfsSuperblock, address: number): number {
  const { groupBlocksLog, groupBlocks, blockSize, groups } = superblock;
  const group = Math.floor(address / 2 ** groupBlocksLog);
  const place = address % 2 ** groupBlocksLog;
  if (group >= groups || place >= groupBlocks) throw damaged(`block ${address} lies in no group`);
  return (group * groupBlocks + place) * blockSize;
}
