import { crc32c } from '../../../base/crc32c.ts';
import { u32le, u64le } from '../../../base/endian.ts';
import { damaged, GuestFault, overLimit } from '../../fault.ts';
import type { Chunks } from './chunks.ts';
import { compareKeys, keyAt, type Key } from './key.ts';
import { addressOf, type BtrfsLayout, type TreeRoot } from './superblock.ts';

const HEAD = 101;
const POINTER = 33;
const ITEM_HEAD = 25;
const LEVEL_LIMIT = 7;
/** Nodes that are kept once they were read and checked. */
const KEPT = 64;
/** One walk over a tree reads no more: the longest is over the chunks of a very large filesystem. */
const WALK_LIMIT = 4096;

export interface Item {
  readonly key: Key;
  readonly data: Uint8Array;
}

/** The nodes of all trees. Each says where it belongs, so that none can stand for another or lead back up. */
export class Nodes {
  readonly #layout: BtrfsLayout;
  readonly #chunks: Chunks;
  readonly #kept = new Map<number, Uint8Array>();

  constructor(layout: BtrfsLayout, chunks: Chunks) {
    this.#layout = layout;
    this.#chunks = chunks;
  }

  /** The items of a tree between two keys, both included, in their order. @throws GuestFault */
  async *items(root: TreeRoot, [from, to]: readonly [from: Key, to: Key]): AsyncGenerator<Item> {
    if (root.level > LEVEL_LIMIT) throw damaged(`a tree of ${root.level} levels`);
    yield* this.#below(root, { from, to, walk: { nodes: 0 } });
  }

  async *#below(
    { at, level }: TreeRoot,
    asked: { readonly from: Key; readonly to: Key; readonly walk: { nodes: number } },
  ): AsyncGenerator<Item> {
    if (++asked.walk.nodes > WALK_LIMIT) throw overLimit(`a walk over more than ${WALK_LIMIT} nodes`);
    const { from, to } = asked;
    const node = await this.#node(at, level);
    const count = u32le(node, 96);
    const size = level === 0 ? ITEM_HEAD : POINTER;
    const keyOf = (index: number): Key => keyAt(node, HEAD + index * size);
    // The last child that begins at or in front of `from` may hold it.
    const first = firstNotBelow(count, (index) => compareKeys(keyOf(index), from) >= 0);
    const isExact = first < count && compareKeys(keyOf(first), from) === 0;
    const begin = level === 0 || isExact ? first : Math.max(0, first - 1);
    for (let index = begin; index < count && compareKeys(keyOf(index), to) <= 0; index++) {
      if (level === 0) yield { key: keyOf(index), data: dataOf(node, HEAD + index * ITEM_HEAD) };
      else yield* this.#below({ at: addressOf(node, HEAD + index * POINTER + 17), level: level - 1 }, asked);
    }
  }

  async #node(at: number, level: number): Promise<Uint8Array> {
    const known = this.#kept.get(at);
    if (known && known[100] === level) return known;
    let fault: unknown = damaged('a node has no place');
    for (const place of this.#chunks.placesOf(at, this.#layout.nodeSize)) {
      try {
        return await this.#readNode(place, at, level);
      } catch (error) {
        // The other copy may be whole; what is over budget stays so.
        if (!(error instanceof GuestFault) || error.kind !== 'damaged') throw error;
        fault = error;
      }
    }
    throw fault;
  }

  async #readNode(place: number, at: number, level: number): Promise<Uint8Array> {
    const { nodeSize, isChecked } = this.#layout;
    const node = new Uint8Array(nodeSize);
    await this.#chunks.readAt(place, node);
    if (u64le(node, 48) !== BigInt(at) || node[100] !== level)
      throw damaged(`there is no node of level ${level} at ${at}`);
    if (isChecked && crc32c(node.subarray(32)) !== u32le(node, 0))
      throw damaged(`the node at ${at} has a wrong checksum`);
    const fits = Math.floor((nodeSize - HEAD) / (level === 0 ? ITEM_HEAD : POINTER));
    if (u32le(node, 96) > fits) throw damaged(`the node at ${at} has more entries than fit`);
    if (this.#kept.size >= KEPT) this.#kept.clear();
    this.#kept.set(at, node);
    return node;
  }
}

function dataOf(node: Uint8Array, itemAt: number): Uint8Array {
  const start = HEAD + u32le(node, itemAt + 17);
  const end = start + u32le(node, itemAt + 21);
  if (end > node.length) throw damaged('an item lies outside of its node');
  return node.subarray(start, end);
}

/** The first index for which `reached` holds; `count` where it never does. */
function firstNotBelow(count: number, reached: (index: number) => boolean): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
