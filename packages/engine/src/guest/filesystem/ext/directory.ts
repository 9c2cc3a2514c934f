import { u16le, u32le } from '../../../base/endian.ts';

export interface ExtEntry {
  readonly name: string;
  readonly inode: number;
}

/**
 * The entries of one block of a directory. Indexes of hashed directories and checksums look like entries without an
 * inode, so that reading on linearly passes over them. A length that cannot be right ends the block.
 */
export function* entriesOf(block: Uint8Array, blockSize: number): Generator<ExtEntry> {
  for (let at = 0; at + 8 <= block.length;) {
    const inode = u32le(block, at);
    const length = entryLength(u16le(block, at + 4), blockSize);
    const nameLength = block[at + 6] ?? 0;
    if (length < 8 || at + length > block.length || nameLength + 8 > length) return;
    const name = Buffer.from(block.subarray(at + 8, at + 8 + nameLength)).toString('utf8');
    if (inode !== 0 && name !== '.' && name !== '..') yield { name, inode };
    at += length;
  }
}

/** In blocks of 64 KiB the length of a whole block does not fit its word. */
function entryLength(word: number, blockSize: number): number {
  return blockSize === 65_536 && (word === 0xffff || word === 0) ? blockSize : word;
}
