import { KiB, MiB } from '../../../base/align.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { u16le, u32le } from '../../../base/endian.ts';
import { damaged, overLimit, unsupported } from '../../fault.ts';
import { readBounded } from '../../part.ts';
import type { Filesystem, NodeKind, Tree, TreeEntry, TreeNode } from '../filesystem.ts';
import { readRuns, type FileRun } from '../runs.ts';
import { Walk } from '../walk.ts';
import { ATTRIBUTE, attributesOf, type Attribute } from './attributes.ts';
import { readLayout, type NtfsLayout } from './boot-sector.ts';
import { undoFixups } from './fixups.ts';
import { readNode } from './index-entries.ts';
import { attributeRuns } from './runs.ts';

const ROOT = 5;
const IN_USE = 1;
const DIRECTORY = 2;
const INDEX_NAME = '$I30';
const NODE_LIMIT = 4096;
const PIECE_LIMIT = 128;
/** Files of the filesystem itself: they are no content. */
const FIRST_USER_RECORD = 16;

interface NtfsNode extends TreeNode {
  readonly attributes: readonly Attribute[];
}

/** NTFS without its log, its compression and its reparse points. */
export async function openNtfs(part: Bytes): Promise<Filesystem> {
  const layout = await readLayout(part);
  const first = await readBounded(
    part,
    { offset: layout.tableAt, length: layout.recordSize },
    16 * KiB,
    'the file table',
  );
  undoFixups(first, 'FILE');
  const pieces = attributesOf(first).filter(({ type, name }) => type === ATTRIBUTE.data && name === '');
  return new Walk(new NtfsTree(part, layout, attributeRuns(pieces, layout.clusterSize)));
}

class NtfsTree implements Tree<NtfsNode> {
  readonly caseless = true;
  readonly #part: Bytes;
  readonly #layout: NtfsLayout;
  /** Of the master file table. */
  readonly #table: readonly FileRun[];

  constructor(part: Bytes, layout: NtfsLayout, table: readonly FileRun[]) {
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
    const known = into.subarray(0, Math.max(0, Math.min(into.length, first.initialized - offset)));
    await readRuns(this.#part, attributeRuns(pieces, this.#layout.clusterSize), offset, known);
  }

  async target(): Promise<string> {
    throw unsupported('reparse points of NTFS are not followed');
  }

  async #node(number: number): Promise<NtfsNode> {
    const record = await this.#record(number);
    const flags = u16le(record, 22);
    if ((flags & IN_USE) === 0) throw damaged(`record ${number} is not in use`);
    const attributes = await this.#allAttributes(number, attributesOf(record));
    const isElsewhere = attributes.some(({ type }) => type === ATTRIBUTE.reparse);
    const kind: NodeKind = isElsewhere ? 'other' : (flags & DIRECTORY) !== 0 ? 'directory' : 'file';
    return { kind, size: kind === 'file' ? (dataOf(attributes)[0]?.size ?? 0) : 0, attributes };
  }

  async #record(number: number): Promise<Uint8Array> {
    const { recordSize } = this.#layout;
    const record = new Uint8Array(recordSize);
    await readRuns(this.#part, this.#table, number * recordSize, record);
    undoFixups(record, 'FILE');
    return record;
  }

  /** A file in many pieces has records that only continue it. */
  async #allAttributes(number: number, own: readonly Attribute[]): Promise<readonly Attribute[]> {
    const list = own.find(({ type }) => type === ATTRIBUTE.list);
    if (!list) return own;
    const bytes = await this.#content(list);
    const others = new Set<number>();
    for (let at = 0; at + 26 <= bytes.length;) {
      const length = u16le(bytes, at + 4);
      if (length < 26) break;
      const record = u32le(bytes, at + 16) + u16le(bytes, at + 20) * 2 ** 32;
      if (record !== number) others.add(record);
      if (others.size > PIECE_LIMIT) throw overLimit(`a file in more than ${PIECE_LIMIT} records`);
      at += length;
    }
    const more: Attribute[] = [];
    for (const other of others) more.push(...attributesOf(await this.#record(other)));
    return [...own, ...more].toSorted((a, b) => a.firstCluster - b.firstCluster);
  }

  async #content(attribute: Attribute): Promise<Uint8Array> {
    if (attribute.resident) return attribute.resident;
    if (attribute.size > MiB) throw overLimit(`a list of attributes of ${attribute.size} bytes`);
    const bytes = new Uint8Array(attribute.size);
    await readRuns(this.#part, attributeRuns([attribute], this.#layout.clusterSize), 0, bytes);
    return bytes;
  }
}

/** The pieces of the file's own content: streams beside it have names. */
function dataOf(attributes: readonly Attribute[]): readonly Attribute[] {
  return attributes.filter(({ type, name }) => type === ATTRIBUTE.data && name === '');
}
