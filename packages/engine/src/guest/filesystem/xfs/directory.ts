import { u16be, u32be, u64be } from '../../../base/endian.ts';
import { countOf, hasText } from '../signature/content.ts';
import type { XfsSuperblock } from './superblock.ts';

export interface XfsEntry {
  readonly name: string;
  readonly inode: number;
}

/** The entries of a small directory, inside of its inode. */
export function* shortFormEntries(fork: Uint8Array, hasFileTypes: boolean): Generator<XfsEntry> {
  const [count = 0, wide = 0] = fork;
  const width = wide > 0 ? 8 : 4;
  let at = 2 + width;
  for (let index = 0; index < count; index++) {
    const nameLength = fork[at] ?? 0;
    const end = at + 3 + nameLength + (hasFileTypes ? 1 : 0);
    if (nameLength === 0 || end + width > fork.length) return;
    const inode = width === 8 ? countOf(u64be(fork, end)) : u32be(fork, end);
    if (inode !== undefined) yield { name: textOf(fork.subarray(at + 3, at + 3 + nameLength)), inode };
    at = end + width;
  }
}

const DATA_MARKS = ['XD2D', 'XDD3'];
const BLOCK_MARKS = ['XD2B', 'XDB3'];
const FREE = 0xffff;

/** The entries of a block of a directory; of a single-block one the hash table at the end is left out. */
export function* blockEntries(block: Uint8Array, superblock: XfsSuperblock): Generator<XfsEntry> {
  const isSingle = BLOCK_MARKS.some((mark) => hasText(block, 0, mark));
  if (!isSingle && !DATA_MARKS.some((mark) => hasText(block, 0, mark))) return;
  const end = isSingle ? endOfEntries(block) : block.length;
  for (let at = superblock.version === 5 ? 64 : 16; at + 12 <= end;) {
    if (u16be(block, at) === FREE) {
      const length = u16be(block, at + 2);
      if (length < 8) return;
      at += length;
      continue;
    }
    const nameLength = block[at + 8] ?? 0;
    const inode = countOf(u64be(block, at));
    const next = at + Math.ceil((9 + nameLength + (superblock.hasFileTypes ? 1 : 0) + 2) / 8) * 8;
    if (nameLength === 0 || next > end) return;
    const name = textOf(block.subarray(at + 9, at + 9 + nameLength));
    if (inode !== undefined && name !== '.' && name !== '..') yield { name, inode };
    at = next;
  }
}

function endOfEntries(block: Uint8Array): number {
  const hashes = u32be(block, block.length - 8);
  return Math.max(0, block.length - 8 - hashes * 8);
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
