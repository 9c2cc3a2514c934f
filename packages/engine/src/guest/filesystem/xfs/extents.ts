import type { Bytes } from '../../../base/bytes.ts';
import { u16be, u64be } from '../../../base/endian.ts';
import { damaged, overLimit } from '../../fault.ts';
import { readBounded } from '../../part.ts';
import { RunList, type FileRun } from '../runs.ts';
import { countOf, hasText } from '../signature/content.ts';
import type { XfsInode } from './inode.ts';
import { blockOffset, type XfsSuperblock } from './superblock.ts';

const RECORD = 16;
const DEPTH_LIMIT = 9;
const NODE_LIMIT = 4096;

/** The runs of `from` to `to` (bytes of the file): from the inode itself, or through its tree. */
export async function forkRuns(
  part: Bytes,
  superblock: XfsSuperblock,
  inode: XfsInode,
  within: { readonly from: number; readonly to: number },
): Promise<readonly FileRun[]> {
  const list = new RunList();
  const { blockSize } = superblock;
  const header = superblock.version === 5 ? 72 : 24;
  let visited = 0;
  if (inode.format === 'extents') addRecords(inode.fork, inode.extents);
  else if (inode.format === 'btree') await visitNode(inode.fork, 0, u16be(inode.fork, 0));
  return list.runs;

  function addRecords(bytes: Uint8Array, count: number): void {
    if (count * RECORD > bytes.length) throw damaged(`inode ${inode.number} has more extents than fit`);
    for (let at = 0; at < count * RECORD; at += RECORD) {
      const run = runOf(bytes, at);
      if (run && run.offset < within.to && run.offset + run.length > within.from) list.add(run);
    }
  }

  function runOf(bytes: Uint8Array, at: number): FileRun | undefined {
    const [high, low] = [u64be(bytes, at), u64be(bytes, at + 8)];
    // Unwritten: it reads as zeros, like a hole.
    if (high >> 63n !== 0n) return undefined;
    const address = countOf(((high & 0x1ffn) << 43n) | (low >> 21n));
    const length = Number(low & 0x1f_ffffn) * blockSize;
    const offset = Number(high >> 9n) * blockSize;
    if (address === undefined || length === 0 || !Number.isSafeInteger(offset + length)) return undefined;
    if (offset >= within.to || offset + length <= within.from) return undefined;
    return { offset, length, stored: blockOffset(superblock, address) };
  }

  /** Keys and pointers stand in two arrays; `start` is where they begin, the pointers behind room for all keys. */
  async function visitNode(bytes: Uint8Array, at: number, level: number): Promise<void> {
    if (level < 1 || level > DEPTH_LIMIT) throw damaged(`inode ${inode.number} has a tree of ${level} levels`);
    const isRoot = at === 0;
    const count = u16be(bytes, isRoot ? 2 : 6);
    const start = isRoot ? 4 : header;
    const room = Math.floor((bytes.length - start) / RECORD);
    if (count > room) throw damaged(`inode ${inode.number} has a node of ${count} entries`);
    for (let index = 0; index < count; index++) {
      const key = Number(u64be(bytes, start + index * 8)) * blockSize;
      const next = index + 1 < count ? Number(u64be(bytes, start + (index + 1) * 8)) * blockSize : Infinity;
      if (key >= within.to || next <= within.from) continue;
      const address = countOf(u64be(bytes, start + room * 8 + index * 8));
      if (address === undefined) throw damaged(`inode ${inode.number} points nowhere`);
      await visitBlock(blockOffset(superblock, address), level - 1);
    }
  }

  async function visitBlock(offset: number, level: number): Promise<void> {
    if (++visited > NODE_LIMIT) throw overLimit(`inode ${inode.number} has a tree of more than ${NODE_LIMIT} nodes`);
    const bytes = await readBounded(part, { offset, length: blockSize }, blockSize, 'a node of an extent tree');
    const known = hasText(bytes, 0, superblock.version === 5 ? 'BMA3' : 'BMAP');
    if (!known || u16be(bytes, 4) !== level)
      throw damaged(`inode ${inode.number} leads to what is no node of its tree`);
    if (level === 0) addRecords(bytes.subarray(header), u16be(bytes, 6));
    else await visitNode(bytes, header, level);
  }
}
