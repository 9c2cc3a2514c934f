import { u16le, u32le, u64le } from '../../../base/endian.ts';
import { damaged } from '../../fault.ts';
import { LINK_TARGET_LIMIT, type NodeKind, type Tree, type TreeEntry, type TreeNode } from '../filesystem.ts';
import { countOf } from '../signature/content.ts';
import type { Chunks } from './chunks.ts';
import { FileContent } from './file-content.ts';
import { ITEM, itemsOf, keyAt } from './key.ts';
import type { Nodes } from './nodes.ts';
import type { Subtree, Subtrees } from './subtrees.ts';

const INODE_LENGTH = 160;
const ENTRY_HEAD = 30;
const KINDS: Readonly<Record<number, NodeKind>> = { 0o100000: 'file', 0o040000: 'directory', 0o120000: 'symlink' };

export interface BtrfsNode extends TreeNode {
  readonly subtree: Subtree;
  readonly inode: bigint;
  content?: FileContent;
}

interface Means {
  readonly nodes: Nodes;
  readonly chunks: Chunks;
  readonly subtrees: Subtrees;
}

/** Files from the root of one subvolume on. */
export class BtrfsTree implements Tree<BtrfsNode> {
  readonly caseless = false;
  readonly #subtree: Subtree;
  readonly #means: Means;

  constructor(subtree: Subtree, means: Means) {
    this.#subtree = subtree;
    this.#means = means;
  }

  async root(): Promise<BtrfsNode> {
    return await this.#node(this.#subtree, this.#subtree.directory);
  }

  async *entries({ subtree, inode }: BtrfsNode): AsyncIterable<TreeEntry<BtrfsNode>> {
    for await (const { data } of this.#means.nodes.items(subtree.root, itemsOf(inode, ITEM.directoryIndex))) {
      if (data.length < ENTRY_HEAD) throw damaged('an entry of a directory is too short');
      const name = Buffer.from(data.subarray(ENTRY_HEAD, ENTRY_HEAD + u16le(data, 27))).toString('utf8');
      const { object, type } = keyAt(data, 0);
      yield {
        name,
        open: () => (type === ITEM.root ? this.#mounted(subtree, object, inode) : this.#node(subtree, object)),
      };
    }
  }

  async read(file: BtrfsNode, offset: number, into: Uint8Array): Promise<void> {
    const { nodes, chunks } = this.#means;
    file.content ??= await FileContent.of(chunks, nodes.items(file.subtree.root, itemsOf(file.inode, ITEM.extent)));
    await file.content.read(offset, into);
  }

  async target(link: BtrfsNode): Promise<string> {
    if (link.size > LINK_TARGET_LIMIT) throw damaged(`a symbolic link of ${link.size} bytes`);
    const bytes = new Uint8Array(link.size);
    await this.read(link, 0, bytes);
    return Buffer.from(bytes).toString('utf8');
  }

  /** A subvolume within another. In a snapshot of that other one only its empty directory is left. */
  async #mounted(parent: Subtree, id: bigint, directory: bigint): Promise<BtrfsNode> {
    const { subtrees } = this.#means;
    const isHere = await subtrees.isBelow(id, { parent: parent.id, directory });
    const subtree = isHere ? await subtrees.find(id) : undefined;
    if (subtree) return await this.#node(subtree, subtree.directory);
    return { kind: 'directory', size: 0, subtree: parent, inode: NOBODY };
  }

  async #node(subtree: Subtree, inode: bigint): Promise<BtrfsNode> {
    for await (const { data } of this.#means.nodes.items(subtree.root, itemsOf(inode, ITEM.inode))) {
      if (data.length < INODE_LENGTH) break;
      const kind = KINDS[u32le(data, 52) & 0o170000] ?? 'other';
      return { kind, size: countOf(u64le(data, 16)) ?? Number.MAX_SAFE_INTEGER, subtree, inode };
    }
    throw damaged(`there is no inode ${inode} in subvolume ${subtree.id}`);
  }
}

/** An inode that no tree has: a directory of this number is empty. */
const NOBODY = 0n;
