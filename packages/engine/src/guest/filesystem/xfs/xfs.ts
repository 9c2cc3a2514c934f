import { GiB, MiB } from '../../../base/align.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { overLimit } from '../../fault.ts';
import { LINK_TARGET_LIMIT, type Filesystem, type Tree, type TreeEntry } from '../filesystem.ts';
import { readRuns } from '../runs.ts';
import { hasText } from '../signature/content.ts';
import { Walk } from '../walk.ts';
import { blockEntries, shortFormEntries } from './directory.ts';
import { forkRuns } from './extents.ts';
import { readInode, type XfsInode } from './inode.ts';
import { readSuperblock, type XfsSuperblock } from './superblock.ts';

const DIRECTORY_LIMIT = 16 * MiB;
/** Behind it stand the hash tables of a directory, which nobody needs who reads it from its beginning. */
const HASHES_AT = 32 * GiB;
const LINK_HEADER = 56;

/** XFS versions 4 and 5. The log is not replayed: what it holds is not seen. */
export async function openXfs(part: Bytes): Promise<Filesystem> {
  return new Walk(new XfsTree(part, await readSuperblock(part)));
}

class XfsTree implements Tree<XfsInode> {
  readonly caseless = false;
  readonly #part: Bytes;
  readonly #superblock: XfsSuperblock;

  constructor(part: Bytes, superblock: XfsSuperblock) {
    this.#part = part;
    this.#superblock = superblock;
  }

  async root(): Promise<XfsInode> {
    return await this.#inode(this.#superblock.rootInode);
  }

  async *entries(directory: XfsInode): AsyncIterable<TreeEntry<XfsInode>> {
    for await (const { name, inode } of this.#names(directory)) yield { name, open: () => this.#inode(inode) };
  }

  async read(file: XfsInode, offset: number, into: Uint8Array): Promise<void> {
    if (file.format === 'local') {
      into.fill(0);
      into.set(file.fork.subarray(offset, offset + into.length));
      return;
    }
    const within = { from: offset, to: offset + into.length };
    await readRuns(this.#part, await forkRuns(this.#part, this.#superblock, file, within), offset, into);
  }

  async target(link: XfsInode): Promise<string> {
    if (link.size > LINK_TARGET_LIMIT) throw overLimit(`a symbolic link of ${link.size} bytes`);
    if (link.format === 'local') return Buffer.from(link.fork.subarray(0, link.size)).toString('utf8');
    const { blockSize } = this.#superblock;
    const parts: Uint8Array[] = [];
    for (let left = link.size, at = 0; left > 0; at += blockSize) {
      const block = new Uint8Array(blockSize);
      await this.read(link, at, block);
      // Version 5 puts a header in front of each block; mkfs.xfs -p of that version does not.
      const header = hasText(block, 0, 'XSLM') ? LINK_HEADER : 0;
      const part = block.subarray(header, header + Math.min(left, blockSize - header));
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts).toString('utf8');
  }

  async *#names(directory: XfsInode) {
    if (directory.format === 'local') {
      yield* shortFormEntries(directory.fork.subarray(0, directory.size), this.#superblock.hasFileTypes);
      return;
    }
    const { directoryBlockSize: blockSize } = this.#superblock;
    const within = { from: 0, to: HASHES_AT };
    const runs = await forkRuns(this.#part, this.#superblock, directory, within);
    const total = runs.reduce((sum, { length }) => sum + length, 0);
    if (total > DIRECTORY_LIMIT) throw overLimit(`a directory of ${total} bytes`);
    for (const run of runs) {
      for (let at = run.offset - (run.offset % blockSize); at < run.offset + run.length; at += blockSize) {
        const block = new Uint8Array(blockSize);
        await readRuns(this.#part, runs, at, block);
        yield* blockEntries(block, this.#superblock);
      }
    }
  }

  async #inode(number: number): Promise<XfsInode> {
    return await readInode(this.#part, this.#superblock, number);
  }
}
