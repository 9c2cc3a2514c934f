import { MiB } from '../../../base/align.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { overLimit, unsupported } from '../../fault.ts';
import { LINK_TARGET_LIMIT, type Filesystem, type Tree, type TreeEntry } from '../filesystem.ts';
import { readRuns } from '../runs.ts';
import { Walk } from '../walk.ts';
import { blockMapRuns } from './block-map.ts';
import { entriesOf } from './directory.ts';
import { extentRuns } from './extents.ts';
import { inlineData } from './inline-data.ts';
import { FLAGS, readInode, ROOT_INODE, type ExtInode } from './inode.ts';
import { readSuperblock, type ExtSuperblock } from './superblock.ts';

const DIRECTORY_LIMIT = 8 * MiB;
const DIRECTORY_STEP = 128 * 1024;
/** A directory in an inode begins with the number of its parent. */
const INLINE_PARENT = 4;

/** ext2, ext3 and ext4. The journal is not replayed: what it holds is not seen (`needs-recovery` tells). */
export async function openExt(part: Bytes): Promise<Filesystem> {
  const superblock = await readSuperblock(part);
  return new Walk(new ExtTree(part, superblock));
}

class ExtTree implements Tree<ExtInode> {
  readonly caseless = false;
  readonly #part: Bytes;
  readonly #superblock: ExtSuperblock;

  constructor(part: Bytes, superblock: ExtSuperblock) {
    this.#part = part;
    this.#superblock = superblock;
  }

  async root(): Promise<ExtInode> {
    return await this.#inode(ROOT_INODE);
  }

  async *entries(directory: ExtInode): AsyncIterable<TreeEntry<ExtInode>> {
    if ((directory.flags & FLAGS.encrypted) !== 0) throw unsupported('the names of a directory are encrypted');
    if (directory.size > DIRECTORY_LIMIT) throw overLimit(`a directory of ${directory.size} bytes`);
    const { blockSize } = this.#superblock;
    for await (const block of this.#blocks(directory)) {
      for (const { name, inode } of entriesOf(block, blockSize)) yield { name, open: () => this.#inode(inode) };
    }
  }

  async read(file: ExtInode, offset: number, into: Uint8Array): Promise<void> {
    if ((file.flags & FLAGS.encrypted) !== 0) throw unsupported('the file is encrypted');
    if ((file.flags & FLAGS.inline) !== 0) {
      into.fill(0);
      into.set(inlineData(file).subarray(offset, offset + into.length));
      return;
    }
    const { blockSize } = this.#superblock;
    const runsOf = (file.flags & FLAGS.extents) !== 0 ? extentRuns : blockMapRuns;
    const within = { from: offset, to: offset + into.length };
    await readRuns(this.#part, await runsOf(this.#part, file.map, blockSize, within), offset, into);
  }

  async target(link: ExtInode): Promise<string> {
    if (link.size > LINK_TARGET_LIMIT) throw overLimit(`a symbolic link of ${link.size} bytes`);
    const isInMap = link.size < link.map.length && (link.flags & (FLAGS.extents | FLAGS.inline)) === 0;
    const content = new Uint8Array(link.size);
    if (isInMap) content.set(link.map.subarray(0, link.size));
    else await this.read(link, 0, content);
    return Buffer.from(content).toString('utf8');
  }

  async #inode(number: number): Promise<ExtInode> {
    return await readInode(this.#part, this.#superblock, number);
  }

  async *#blocks(directory: ExtInode): AsyncGenerator<Uint8Array> {
    if ((directory.flags & FLAGS.inline) !== 0) {
      const data = inlineData(directory);
      // The second part is a block of its own: no entry crosses from one into the other.
      yield data.subarray(INLINE_PARENT, directory.map.length);
      yield data.subarray(directory.map.length);
      return;
    }
    const { blockSize } = this.#superblock;
    const step = Math.max(blockSize, DIRECTORY_STEP);
    for (let at = 0; at < directory.size; at += step) {
      const piece = new Uint8Array(Math.min(step, directory.size - at));
      await this.read(directory, at, piece);
      for (let from = 0; from < piece.length; from += blockSize) yield piece.subarray(from, from + blockSize);
    }
  }
}
