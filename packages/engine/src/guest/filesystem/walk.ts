import type { Bytes } from '../../base/bytes.ts';
import { damaged, overLimit } from '../fault.ts';
import type { Filesystem, Found, Subvolumes, Tree, TreeEntry, TreeNode } from './filesystem.ts';

const DEPTH_LIMIT = 64;
const LINK_LIMIT = 40;
const ENTRY_LIMIT = 50_000;
/** Directories whose entries are remembered. */
const MEMORY = 64;

/** Makes a filesystem of a tree: resolves paths and links, with bounds that no tree can pass. */
export class Walk<Node extends TreeNode> implements Filesystem {
  readonly subvolumes: Subvolumes | undefined;
  readonly #tree: Tree<Node>;
  readonly #listings = new Map<string, ReadonlyMap<string, TreeEntry<Node>>>();

  constructor(tree: Tree<Node>, subvolumes?: Subvolumes) {
    this.#tree = tree;
    this.subvolumes = subvolumes;
  }

  async lookup(path: string): Promise<Found | undefined> {
    const found = await this.#resolve(path);
    return found && { path: pathOf(found.names), kind: found.node.kind, size: found.node.size };
  }

  async list(path: string): Promise<readonly string[]> {
    const found = await this.#resolve(path);
    if (found?.node.kind !== 'directory') return [];
    const listing = await this.#listing(found.names, found.node);
    return [...listing.values()].map(({ name }) => name).toSorted();
  }

  async read(path: string, limit: number): Promise<Uint8Array | undefined> {
    const file = await this.open(path);
    if (!file) return undefined;
    if (file.size > limit) throw overLimit(`${path} has ${file.size} bytes; ${limit} are allowed`);
    const into = new Uint8Array(file.size);
    await file.read(0, into);
    return into;
  }

  async open(path: string): Promise<Bytes | undefined> {
    const found = await this.#resolve(path);
    if (found?.node.kind !== 'file') return undefined;
    const { node } = found;
    return {
      size: node.size,
      read: async (offset, into) => {
        if (offset < 0 || offset + into.length > node.size) throw damaged(`${path} is read outside of its content`);
        await this.#tree.read(node, offset, into);
      },
      [Symbol.asyncDispose]: async () => {},
    };
  }

  /** Walks name by name; a link puts its own names in front of those that are left. */
  async #resolve(path: string): Promise<{ names: string[]; node: Node } | undefined> {
    const way: { name: string; node: Node }[] = [];
    const root = await this.#tree.root();
    const left = namesOf(path);
    let links = 0;
    while (left.length > 0) {
      const name = left.shift() as string;
      if (name === '..') {
        way.pop();
        continue;
      }
      const here = way.at(-1)?.node ?? root;
      if (here.kind !== 'directory') return undefined;
      const listing = await this.#listing(
        way.map((step) => step.name),
        here,
      );
      const entry = listing.get(this.#key(name));
      if (!entry) return undefined;
      const node = await entry.open();
      if (node.kind !== 'symlink') {
        if (way.push({ name: entry.name, node }) > DEPTH_LIMIT) throw overLimit(`${path} is too deep`);
        continue;
      }
      if (++links > LINK_LIMIT) throw overLimit(`${path} leads through more than ${LINK_LIMIT} symbolic links`);
      const target = await this.#tree.target(node);
      if (target.startsWith('/')) way.length = 0;
      left.unshift(...namesOf(target));
      if (left.length > DEPTH_LIMIT * 4) throw overLimit(`${path} is too long`);
    }
    return { names: way.map((step) => step.name), node: way.at(-1)?.node ?? root };
  }

  async #listing(names: readonly string[], directory: Node): Promise<ReadonlyMap<string, TreeEntry<Node>>> {
    const path = pathOf(names);
    const known = this.#listings.get(path);
    if (known) return known;
    const listing = new Map<string, TreeEntry<Node>>();
    let count = 0;
    for await (const entry of this.#tree.entries(directory)) {
      if (++count > ENTRY_LIMIT) throw overLimit(`${path} has more than ${ENTRY_LIMIT} entries`);
      const key = this.#key(entry.name);
      // No name of a file; in a hostile one it would leave the directory.
      if (entry.name !== '' && !entry.name.includes('/') && !listing.has(key)) listing.set(key, entry);
    }
    if (this.#listings.size >= MEMORY) this.#listings.clear();
    this.#listings.set(path, listing);
    return listing;
  }

  #key(name: string): string {
    return this.#tree.caseless ? name.toUpperCase() : name;
  }
}

function namesOf(path: string): string[] {
  return path.split('/').filter((name) => name !== '' && name !== '.');
}

function pathOf(names: readonly string[]): string {
  return `/${names.join('/')}`;
}
