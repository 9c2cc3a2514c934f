import { KiB } from '../../../base/align.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { u32le } from '../../../base/endian.ts';
import { damaged, overLimit, unsupported } from '../../fault.ts';
import type { Filesystem, NodeKind, Tree, TreeEntry, TreeNode } from '../filesystem.ts';
import { readRuns } from '../runs.ts';
import { Walk } from '../walk.ts';
import { ATTRIBUTE, dataOf, type Attribute } from './attributes.ts';
import { readLayout, type NtfsLayout } from './boot-sector.ts';
import { FileTable } from './file-table.ts';
import { undoFixups } from './fixups.ts';
import { readNode } from './index-entries.ts';
import { PackedFile } from './packed-file.ts';
import { attributeRuns } from './runs.ts';

const ROOT = 5;
const IN_USE = 1;
const DIRECTORY = 2;
const INDEX_NAME = '$I30';
const NODE_LIMIT = 4096;
/** Files of the filesystem itself: they are no content. */
const FIRST_USER_RECORD = 16;

interface NtfsNode extends TreeNode {
  readonly attributes: readonly Attribute[];
  packed?: PackedFile;
}

/** NTFS without its log, its encryption and its reparse points. */
export async function openNtfs(part: Bytes): Promise<Filesystem> {
  const layout = await readLayout(part);
  return new Walk(new NtfsTree(part, layout, await FileTable.open(part, layout)));
}

class NtfsTree implements Tree<NtfsNode> {
  readonly caseless = true;
  readonly #part: Bytes;
  readonly #layout: NtfsLayout;
  readonly #table: FileTable;

  constructor(part: Bytes, layout: NtfsLayout, table: FileTable) {
    this.#part = part;
    this.#layout = layout;
    this.#table = table;
  }

  async root(): Promise<NtfsNode> {
    return await this.#node(ROOT);
  }

  async *entries(directory: NtfsNode): AsyncIterable<TreeEntry<NtfsNode>> {
    const index = directory.attributes.filter(({ name }) => name === INDEX_NAME);
    const root = index.find(({ type }) => type === ATTRIBUTE.indexRoot)?.resident;
    if (!root || root.length < 32) throw damaged('a directory without an index');
    const blockSize = u32le(root, 8);
    if (blockSize < 512 || blockSize > 64 * KiB) throw damaged(`an index in blocks of ${blockSize} bytes`);
    const allocation = index.filter(({ type }) => type === ATTRIBUTE.indexAllocation);
    const runs = attributeRuns(allocation, this.#layout.clusterSize);
    // Blocks smaller than a cluster are counted in sectors.
    const unit = blockSize < this.#layout.clusterSize ? 512 : this.#layout.clusterSize;
    const seen = new Set<number>();
    let node = readNode(root, 16);
    const left: number[] = [];
    for (;;) {
      for (const { name, record } of node.entries) {
        if (record >= FIRST_USER_RECORD) yield { name, open: () => this.#node(record) };
      }
      left.push(...node.children.filter((child) => !seen.has(child)));
      const next = left.pop();
      if (next === undefined) return;
      if (seen.size >= NODE_LIMIT) throw overLimit(`a directory of more than ${NODE_LIMIT} blocks`);
      seen.add(next);
      const block = new Uint8Array(blockSize);
      await readRuns(this.#part, runs, next * unit, block);
      undoFixups(block, 'INDX');
      node = readNode(block, 24);
    }
  }

  async read(file: NtfsNode, offset: number, into: Uint8Array): Promise<void> {
    const pieces = dataOf(file.attributes);
    const [first] = pieces;
    into.fill(0);
    if (!first) return;
    if (first.resident) {
      into.set(first.resident.subarray(offset, offset + into.length));
      return;
    }
    const { clusterSize } = this.#layout;
    const known = into.subarray(0, Math.max(0, Math.min(into.length, first.initialized - offset)));
    if (first.unitClusters === 0) {
      await readRuns(this.#part, attributeRuns(pieces, clusterSize), offset, known);
      return;
    }
    file.packed ??= new PackedFile(this.#part, attributeRuns(pieces, clusterSize), first.unitClusters * clusterSize);
    await file.packed.read(offset, known);
  }

  async target(): Promise<string> {
    throw unsupported('reparse points of NTFS are not followed');
  }

  async #node(number: number): Promise<NtfsNode> {
    const { flags, attributes } = await this.#table.record(number);
    if ((flags & IN_USE) === 0) throw damaged(`record ${number} is not in use`);
    const isElsewhere = attributes.some(({ type }) => type === ATTRIBUTE.reparse);
    const kind: NodeKind = isElsewhere ? 'other' : (flags & DIRECTORY) !== 0 ? 'directory' : 'file';
    const [content] = dataOf(attributes);
    const isSpread = attributes.some(({ type }) => type === ATTRIBUTE.list);
    if (kind === 'file' && isSpread && !content) throw damaged(`file ${number} has lost its content`);
    return { kind, size: kind === 'file' ? (content?.size ?? 0) : 0, attributes };
  }
}
