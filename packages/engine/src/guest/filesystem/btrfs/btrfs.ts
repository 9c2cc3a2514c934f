import type { Bytes } from '../../../base/bytes.ts';
import type { Filesystem } from '../filesystem.ts';
import { Walk } from '../walk.ts';
import { Chunks } from './chunks.ts';
import { ITEM, itemsOf } from './key.ts';
import { Nodes } from './nodes.ts';
import { BtrfsSubvolumes } from './subvolumes.ts';
import { readLayout } from './superblock.ts';
import { Subtrees, type Subtree } from './subtrees.ts';
import { BtrfsTree } from './tree.ts';

const CHUNK_OBJECT = 256n;

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
