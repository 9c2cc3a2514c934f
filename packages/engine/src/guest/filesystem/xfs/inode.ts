import type { Bytes } from '../../../base/bytes.ts';
import { u16be, u32be, u64be } from '../../../base/endian.ts';
import { damaged } from '../../fault.ts';
import { readBounded } from '../../part.ts';
import { kindOf } from '../ext/inode.ts';
import type { TreeNode } from '../filesystem.ts';
import { countOf } from '../signature/content.ts';
import { blockOffset, type XfsSuperblock } from './superblock.ts';

export type ForkFormat = 'local' | 'extents' | 'btree';

export interface XfsInode extends TreeNode {
  readonly number: number;
  readonly format: ForkFormat;
  /** The data, its extents, or the root of the tree that leads to them. */
  readonly fork: Uint8Array;
  readonly extents: number;
}

const FORMATS: Readonly<Record<number, ForkFormat>> = { 1: 'local', 2: 'extents', 3: 'btree' };
const LARGE_EXTENT_COUNTS = 1n << 4n;

export async function readInode(part: Bytes, superblock: XfsSuperblock, number: number): Promise<XfsInode> {
  const { inodesPerBlockLog, inodeSize } = superblock;
  const block = Math.floor(number / 2 ** inodesPerBlockLog);
  const offset = blockOffset(superblock, block) + (number % 2 ** inodesPerBlockLog) * inodeSize;
  const raw = await readBounded(part, { offset, length: inodeSize }, 2048, `inode ${number}`);
  if (u16be(raw, 0) !== 0x494e) throw damaged(`no inode ${number}`);
  const core = (raw[4] ?? 0) >= 3 ? 176 : 100;
  const attributes = (raw[82] ?? 0) * 8;
  const kind = kindOf(u16be(raw, 2));
  const format = FORMATS[raw[5] ?? 0];
  if (format === undefined && kind !== 'other') throw damaged(`inode ${number} keeps its data in an unknown way`);
  return {
    number,
    kind,
    size: countOf(u64be(raw, 56)) ?? Number.MAX_SAFE_INTEGER,
    format: format ?? 'local',
    fork: raw.subarray(core, attributes === 0 ? inodeSize : Math.min(core + attributes, inodeSize)),
    extents: extentCount(raw),
  };
}

function extentCount(raw: Uint8Array): number {
  const isLarge = (raw[4] ?? 0) >= 3 && (u64be(raw, 120) & LARGE_EXTENT_COUNTS) !== 0n;
  return isLarge ? (countOf(u64be(raw, 24)) ?? Number.MAX_SAFE_INTEGER) : u32be(raw, 76);
}
