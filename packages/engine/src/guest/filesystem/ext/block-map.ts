import type { Bytes } from '../../../base/bytes.ts';
import { u32le } from '../../../base/endian.ts';
import { readBounded } from '../../part.ts';
import { RunList, type FileRun } from '../runs.ts';

const DIRECT = 12;

/** The runs of `from` to `to` out of the map of ext2 and ext3: twelve blocks, then one, two and three levels of tables. */
export async function blockMapRuns(
  part: Bytes,
  map: Uint8Array,
  blockSize: number,
  within: { readonly from: number; readonly to: number },
): Promise<readonly FileRun[]> {
  const list = new RunList();
  const first = Math.floor(within.from / blockSize);
  const last = Math.ceil(within.to / blockSize);
  const fanout = blockSize / 4;
  for (let index = 0; index < DIRECT; index++) add(index, u32le(map, index * 4));
  let begin = DIRECT;
  for (const level of [1, 2, 3]) {
    await visit(u32le(map, (DIRECT + level - 1) * 4), begin, level);
    begin += fanout ** level;
  }
  return list.runs;

  async function visit(block: number, start: number, level: number): Promise<void> {
    if (block === 0 || start >= last || start + fanout ** level <= first) return;
    const range = { offset: block * blockSize, length: blockSize };
    const table = await readBounded(part, range, blockSize, 'a table of blocks');
    const step = fanout ** (level - 1);
    // Only the entries that are wanted: a hostile table of tables would otherwise take hours.
    const from = Math.max(0, Math.floor((first - start) / step));
    const to = Math.min(fanout, Math.ceil((last - start) / step));
    for (let index = from; index < to; index++) {
      const entry = u32le(table, index * 4);
      if (level === 1) add(start + index, entry);
      else await visit(entry, start + index * step, level - 1);
    }
  }

  function add(index: number, block: number): void {
    if (block === 0 || index < first || index >= last) return;
    list.add({ offset: index * blockSize, length: blockSize, stored: block * blockSize });
  }
}
