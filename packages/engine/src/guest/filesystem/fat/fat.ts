import type { Bytes } from '../../../base/bytes.ts';
import { damaged, unsupported } from '../../fault.ts';
import { readBounded } from '../../part.ts';
import type { Filesystem, Tree, TreeEntry } from '../filesystem.ts';
import { readRuns } from '../runs.ts';
import { Walk } from '../walk.ts';
import { fatLayout, type FatLayout } from './boot-sector.ts';
import { chainRuns, DIRECTORY_LIMIT } from './chain.ts';
import { entriesOf, type FatNode } from './directory.ts';

/** FAT12, FAT16 and FAT32 with long names. */
export async function openFat(part: Bytes): Promise<Filesystem> {
  const sector = await readBounded(part, { offset: 0, length: 512 }, 512, 'the boot sector');
  const layout = fatLayout(sector);
  if (!layout) throw damaged('no boot sector of FAT');
  return new Walk(new FatTree(part, layout));
}

class FatTree implements Tree<FatNode> {
  readonly caseless = true;
  readonly #part: Bytes;
  readonly #layout: FatLayout;

  constructor(part: Bytes, layout: FatLayout) {
    this.#part = part;
    this.#layout = layout;
  }

  async root(): Promise<FatNode> {
    const { root } = this.#layout;
    return { kind: 'directory', size: 0, cluster: 'cluster' in root ? root.cluster : undefined };
  }

  async *entries(directory: FatNode): AsyncIterable<TreeEntry<FatNode>> {
    const content = await this.#directory(directory);
    for (const { name, node } of entriesOf(content, this.#layout.bits === 32)) yield { name, open: async () => node };
  }

  async read(file: FatNode, offset: number, into: Uint8Array): Promise<void> {
    const runs = await chainRuns(this.#part, this.#layout, file.cluster ?? 0, offset + into.length);
    const last = runs.at(-1);
    if (into.length > 0 && (!last || last.offset + last.length < offset + into.length)) {
      throw damaged('the chain of a file ends before its size');
    }
    await readRuns(this.#part, runs, offset, into);
  }

  async target(): Promise<string> {
    throw unsupported('FAT has no symbolic links');
  }

  async #directory({ cluster }: FatNode): Promise<Uint8Array> {
    const { root } = this.#layout;
    if (cluster === undefined || (cluster === 0 && !('cluster' in root))) {
      const range = 'cluster' in root ? { offset: 0, length: 0 } : root;
      return await readBounded(this.#part, range, DIRECTORY_LIMIT, 'the root directory');
    }
    const first = cluster === 0 && 'cluster' in root ? root.cluster : cluster;
    const runs = await chainRuns(this.#part, this.#layout, first, DIRECTORY_LIMIT);
    const last = runs.at(-1);
    const content = new Uint8Array(last ? last.offset + last.length : 0);
    await readRuns(this.#part, runs, 0, content);
    return content;
  }
}
