import type { Bytes } from '../../../base/bytes.ts';
import { u16le, u32le } from '../../../base/endian.ts';
import { damaged, overLimit } from '../../fault.ts';
import { readBounded } from '../../part.ts';
import { RunList, type FileRun } from '../runs.ts';

const MAGIC = 0xf30a;
const DEPTH_LIMIT = 5;
/** Nodes that one read may pass through: in a hostile tree they lead to each other. */
const NODE_LIMIT = 4096;
const UNWRITTEN = 0x8000;

/** The runs of `from` to `to` (bytes of the file) out of an extent tree. Unwritten extents are left out: they are zeros. */
export async function extentRuns(
  part: Bytes,
  root: Uint8Array,
  blockSize: number,
  within: { readonly from: number; readonly to: number },
): Promise<readonly FileRun[]> {
  const list = new RunList();
  const first = Math.floor(within.from / blockSize);
  const last = Math.ceil(within.to / blockSize);
  let visited = 0;
  await visit(root, DEPTH_LIMIT + 1);
  return list.runs;

  async function visit(node: Uint8Array, above: number): Promise<void> {
    if (++visited > NODE_LIMIT) throw overLimit(`an extent tree of more than ${NODE_LIMIT} nodes`);
    const depth = u16le(node, 6);
    const count = u16le(node, 2);
    if (u16le(node, 0) !== MAGIC || depth >= above || 12 + count * 12 > node.length) {
      throw damaged('a node of an extent tree contradicts itself');
    }
    for (let index = 0; index < count; index++) {
      const at = 12 + index * 12;
      const begin = u32le(node, at);
      if (depth === 0) {
        addLeaf(node, at, begin);
        continue;
      }
      const end = index + 1 < count ? u32le(node, at + 12) : Infinity;
      if (begin >= last || end <= first) continue;
      const block = u32le(node, at + 4) + u16le(node, at + 8) * 2 ** 32;
      const range = { offset: block * blockSize, length: blockSize };
      await visit(await readBounded(part, range, blockSize, 'a node of an extent tree'), depth);
    }
  }

  function addLeaf(node: Uint8Array, at: number, begin: number): void {
    const word = u16le(node, at + 4);
    // 0x8000 itself is the longest written extent.
    if (word > UNWRITTEN || begin >= last || begin + word <= first) return;
    const block = u32le(node, at + 8) + u16le(node, at + 6) * 2 ** 32;
    list.add({ offset: begin * blockSize, length: word * blockSize, stored: block * blockSize });
  }
}
