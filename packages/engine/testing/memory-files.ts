import type { Filesystem, Tree, TreeEntry, TreeNode } from '../src/guest/filesystem/filesystem.ts';
import { Walk } from '../src/guest/filesystem/walk.ts';
import type { Files } from './guest-maker.ts';

interface Node extends TreeNode {
  readonly below: Map<string, Node>;
  readonly content: Uint8Array;
}

/** A Filesystem that stands in memory: for readers of files that need no disk. */
export function memoryFiles(files: Files): Filesystem {
  const root = folder();
  for (const [path, content] of Object.entries(files)) {
    const names = path.split('/').filter(Boolean);
    const last = names.pop() ?? '';
    let here = root;
    for (const name of names) {
      const next = here.below.get(name) ?? folder();
      here.below.set(name, next);
      here = next;
    }
    const isLink = typeof content === 'object' && 'link' in content;
    const bytes = isLink ? Buffer.from(content.link) : Buffer.from(content as string);
    here.below.set(last, { kind: isLink ? 'symlink' : 'file', size: bytes.length, content: bytes, below: new Map() });
  }
  return new Walk(new MemoryTree(root));
}

function folder(): Node {
  return { kind: 'directory', size: 0, below: new Map(), content: new Uint8Array(0) };
}

class MemoryTree implements Tree<Node> {
  readonly caseless = false;
  readonly #root: Node;

  constructor(root: Node) {
    this.#root = root;
  }

  async root(): Promise<Node> {
    return this.#root;
  }

  async *entries(directory: Node): AsyncIterable<TreeEntry<Node>> {
    for (const [name, node] of directory.below) yield { name, open: async () => node };
  }

  async read(file: Node, offset: number, into: Uint8Array): Promise<void> {
    into.set(file.content.subarray(offset, offset + into.length));
  }

  async target(link: Node): Promise<string> {
    return Buffer.from(link.content).toString('utf8');
  }
}
