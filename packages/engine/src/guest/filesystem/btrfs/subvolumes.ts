import type { Filesystem, Subvolumes } from '../filesystem.ts';
import { Walk } from '../walk.ts';
import type { BtrfsNode, BtrfsTree } from './tree.ts';
import { TOP, type Subtree, type Subtrees } from './subtrees.ts';

const DEPTH_LIMIT = 32;

/** Subvolumes as mount options name them: by their path from the top, or `subvolid=`. */
export class BtrfsSubvolumes implements Subvolumes {
  readonly #subtrees: Subtrees;
  readonly #treeOf: (subtree: Subtree) => BtrfsTree;

  constructor(subtrees: Subtrees, treeOf: (subtree: Subtree) => BtrfsTree) {
    this.#subtrees = subtrees;
    this.#treeOf = treeOf;
  }

  async list(): Promise<readonly string[]> {
    const top = await this.#subtrees.find(TOP);
    return top ? await this.#subtrees.namesIn(top) : [];
  }

  async open(name: string): Promise<Filesystem | undefined> {
    const id = /^subvolid=(\d{1,18})$/.exec(name)?.[1];
    const subtree = id === undefined ? await this.#byPath(name) : await this.#subtrees.find(BigInt(id));
    return subtree && new Walk(this.#treeOf(subtree), this);
  }

  async #byPath(path: string): Promise<Subtree | undefined> {
    const top = await this.#subtrees.find(TOP);
    const names = path.split('/').filter((name) => name !== '');
    if (!top || names.length > DEPTH_LIMIT) return undefined;
    const tree = this.#treeOf(top);
    let node: BtrfsNode | undefined = await tree.root();
    for (const name of names) {
      if (node?.kind !== 'directory') return undefined;
      node = await childOf(tree, node, name);
    }
    return node && node.inode === node.subtree.directory ? node.subtree : undefined;
  }
}

async function childOf(tree: BtrfsTree, directory: BtrfsNode, wanted: string): Promise<BtrfsNode | undefined> {
  for await (const { name, open } of tree.entries(directory)) {
    if (name === wanted) return await open();
  }
  return undefined;
}
