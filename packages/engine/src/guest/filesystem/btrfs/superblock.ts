import { isPowerOfTwo, KiB } from '../../../base/align.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { crc32c } from '../../../base/crc32c.ts';
import { u16le, u32le, u64le } from '../../../base/endian.ts';
import { damaged, unsupported } from '../../fault.ts';
import { hex } from '../../guid.ts';
import { readBounded } from '../../part.ts';
import { countOf, hasText } from '../signature/content.ts';

/** As the kernel has it in fs/btrfs/accessors.h and include/uapi/linux/btrfs_tree.h. */
const AT = 64 * KiB;
const LENGTH = 4 * KiB;
const CHUNKS_AT = 811;
const CHUNKS_LIMIT = 2048;
const CRC32C = 0;
/** All features up to simple quotas, without the second extent tree (1 << 13) and the tree of stripes (1 << 14). */
const KNOWN_FEATURES = 0x1_1fffn;

/** A tree by its topmost node. */
export interface TreeRoot {
  readonly at: number;
  readonly level: number;
}

export interface BtrfsLayout {
  readonly nodeSize: number;
  /** Whether nodes carry a checksum that is compared: others than CRC-32C are not. */
  readonly isChecked: boolean;
  readonly device: bigint;
  readonly roots: TreeRoot;
  readonly chunks: TreeRoot;
  /** The chunks that hold the tree of chunks. */
  readonly firstChunks: Uint8Array;
  /** The directory in the tree of roots that names the default subvolume. */
  readonly rootDirectory: bigint;
}

/** @throws GuestFault */
export async function readLayout(part: Bytes): Promise<BtrfsLayout> {
  const block = await readBounded(part, { offset: AT, length: LENGTH }, LENGTH, 'the superblock');
  if (!hasText(block, 64, '_BHRfS_M')) throw damaged('no superblock of Btrfs');
  const isChecked = u16le(block, 196) === CRC32C;
  if (isChecked && crc32c(block.subarray(32)) !== u32le(block, 0)) throw damaged('the superblock has a wrong checksum');
  const features = u64le(block, 188);
  if ((features & ~KNOWN_FEATURES) !== 0n)
    throw unsupported(`features 0x${features.toString(16)} of Btrfs are not read`);
  const nodeSize = u32le(block, 148);
  if (!isPowerOfTwo(nodeSize) || nodeSize < 4 * KiB || nodeSize > 64 * KiB) {
    throw damaged(`nodes of 0x${hex(nodeSize, 8)} bytes`);
  }
  const chunkBytes = u32le(block, 160);
  if (chunkBytes > CHUNKS_LIMIT) throw damaged('the superblock contradicts itself');
  return {
    nodeSize,
    isChecked,
    device: u64le(block, 201),
    roots: { at: addressOf(block, 80), level: block[198] ?? 0 },
    chunks: { at: addressOf(block, 88), level: block[199] ?? 0 },
    firstChunks: block.slice(CHUNKS_AT, CHUNKS_AT + chunkBytes),
    rootDirectory: u64le(block, 128),
  };
}

/** A place in the filesystem's own numbering. @throws GuestFault where no filesystem reaches it */
export function addressOf(bytes: Uint8Array, at: number): number {
  const address = countOf(u64le(bytes, at));
  if (address === undefined) throw damaged('a structure leads behind the end of every filesystem');
  return address;
}
