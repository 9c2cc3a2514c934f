import { u16le, u64le } from '../../../base/endian.ts';
import { damaged, overLimit } from '../../fault.ts';
import { ITEM, itemsOf, keyAt } from './key.ts';
import type { Nodes } from './nodes.ts';
import { addressOf, type BtrfsLayout, type TreeRoot } from './superblock.ts';

/** The subvolume that is there from the beginning. */
export const TOP = 5n;
const ROOT_LENGTH = 239;
const ENTRY_HEAD = 30;
const REFERENCE_HEAD = 18;
const NAME_LIMIT = 1000;

/** The tree of a subvolume, and the inode of its root directory. */
export interface Subtree {
  readonly id: bigint;
  readonly root: TreeRoot;
  readonly directory: bigint;
}

/** The tree of roots: it leads to every subvolume. */
export class Subtrees {
  readonly #nodes: Nodes;
  readonly #layout: BtrfsLayout;

  constructor(nodes: Nodes, layout: BtrfsLayout) {
    this.#nodes = nodes;
    this.#layout = layout;
  }

  async find(id: bigint): Promise<Subtree | undefined> {
    let found: Subtree | undefined;
    for await (const { data } of this.#nodes.items(this.#layout.roots, itemsOf(id, ITEM.root))) {
      if (data.length < ROOT_LENGTH) throw damaged('a root is too short');
      found = { id, root: { at: addressOf(data, 176), level: data[238] ?? 0 }, directory: u64le(data, 168) };
    }
    return found;
  }

  /** What is mounted where nobody names a subvolume. @throws GuestFault */
  async default(): Promise<Subtree> {
    let id = TOP;
    const entries = itemsOf(this.#layout.rootDirectory, ITEM.directory);
    for await (const { data } of this.#nodes.items(this.#layout.roots, entries)) {
      if (data.length < ENTRY_HEAD) throw damaged('an entry of a directory is too short');
      if (nameIn(data, ENTRY_HEAD, u16le(data, 27)) === 'default') id = keyAt(data, 0).object;
    }
    const found = await this.find(id);
    if (!found) throw damaged(`the default subvolume ${id} is not there`);
    return found;
  }

  /** Whether a subvolume lies in that very directory, and not in what a snapshot copied of it. */
  async isBelow(
    id: bigint,
    { parent, directory }: { readonly parent: bigint; readonly directory: bigint },
  ): Promise<boolean> {
    const key = { object: parent, type: ITEM.rootReference, offset: id };
    for await (const { data } of this.#nodes.items(this.#layout.roots, [key, key])) {
      return data.length >= REFERENCE_HEAD && u64le(data, 0) === directory;
    }
    return false;
  }

  /** The subvolumes that lie in the root directory of another. */
  async namesIn({ id, directory }: Subtree): Promise<readonly string[]> {
    const names: string[] = [];
    for await (const { data } of this.#nodes.items(this.#layout.roots, itemsOf(id, ITEM.rootReference))) {
      if (data.length < REFERENCE_HEAD) throw damaged('a reference to a subvolume is too short');
      if (names.length >= NAME_LIMIT) throw overLimit(`more than ${NAME_LIMIT} subvolumes in one`);
      if (u64le(data, 0) === directory) names.push(nameIn(data, REFERENCE_HEAD, u16le(data, 16)));
    }
    return names;
  }
}

function nameIn(data: Uint8Array, at: number, length: number): string {
  return Buffer.from(data.subarray(at, at + length)).toString('utf8');
}
