import type { Bytes } from '../../../base/bytes.ts';
import { u16le, u32le, u64le } from '../../../base/endian.ts';
import { damaged } from '../../fault.ts';
import {
  LINK_TARGET_LIMIT,
  type Filesystem,
  type NodeKind,
  type Tree,
  type TreeEntry,
  type TreeNode,
} from '../filesystem.ts';
import { countOf } from '../signature/content.ts';
import { Walk } from '../walk.ts';
import { Chunks } from './chunks.ts';
import { FileContent } from './file-content.ts';
import { ITEM, itemsOf, keyAt } from './key.ts';
import { Nodes } from './nodes.ts';
import { readLayout } from './superblock.ts';
import { Subtrees, type Subtree } from './subtrees.ts';
import { BtrfsSubvolumes } from './subvolumes.ts';

const CHUNK_OBJECT = 256n;
const INODE_LENGTH = 160;
const ENTRY_HEAD = 30;
const KINDS: Readonly<Record<number, NodeKind>> = { 0o100000: 'file', 0o040000: 'directory', 0o120000: 'symlink' };

export interface BtrfsNode extends TreeNode {
  readonly subtree: Subtree;
  readonly inode: bigint;
  content?: FileContent;
}

/**
 * Btrfs on one device, or what of several one holds whole (RAID 1). The default subvolume is the root; the others are
 * reached by their names. The log is not replayed, checksums of data are not compared.
 */
export async function openBtrfs(part: Bytes): Promise<Filesystem> {
  const layout = await readLayout(part);
  const chunks = new Chunks(part, layout.device);
  chunks.addAll(layout.firstChunks);
  const nodes = new Nodes(layout, chunks);
  const found = [];
  for await (const item of nodes.items(layout.chunks, itemsOf(CHUNK_OBJECT, ITEM.chunk))) found.push(item);
  for (const { key, data } of found) chunks.add(key.offset, data);
  const subtrees = new Subtrees(nodes, layout);
  const treeOf = (subtree: Subtree) => new BtrfsTree(subtree, { nodes, chunks, subtrees });
  const subvolumes = new BtrfsSubvolumes(subtrees, treeOf);
  return new Walk(treeOf(await subtrees.default()), subvolumes);
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
