import { endOf, type Range } from '../../base/bytes.ts';
import type { Extent } from '../image.ts';
import { JoinExtents } from './join-extents.ts';
import { l2Entry, type L2Entry } from './l2-entry.ts';
import type { Layout } from './layout.ts';

/** An L2 table in memory. */
export interface L2Table {
  readonly view: DataView;
  /** Where it lies in the file. */
  readonly offset: number;
  /** The part of the disk that it describes begins here. */
  readonly base: number;
}

/**
 * What a table says about `within`, in whole clusters clipped to the end of the disk, neighbours joined. Whether the
 * stored ranges lie in the file is not checked here.
 */
export function* tableExtents(table: L2Table, within: Range, layout: Layout): Generator<Extent> {
  const join = new JoinExtents();
  const { clusterSize } = layout;
  const end = Math.min(endOf(within), table.base + layout.tableSpan, layout.diskSize);
  const from = Math.floor((Math.max(within.offset, table.base) - table.base) / clusterSize);
  const to = Math.ceil((end - table.base) / clusterSize);
  for (let index = from; index < to;) {
    const entry = entryOf(table, index, layout);
    const count = runLength(entry, { table, index, to }, layout);
    const offset = table.base + index * clusterSize;
    const length = Math.min(count * clusterSize, layout.diskSize - offset);
    for (const extent of clusterExtents(entry, { offset, length }, layout)) {
      const done = join.add(extent);
      if (done) yield done;
    }
    index += count;
  }
  const last = join.end();
  if (last) yield last;
}

function entryOf(table: L2Table, index: number, layout: Layout): L2Entry {
  return l2Entry(table.view, index * layout.entrySize, layout, table.offset);
}

/** How many entries from `index` on are one run. Most runs are long: to join them as extents costs four times as much. */
function runLength(first: L2Entry, at: { table: L2Table; index: number; to: number }, layout: Layout): number {
  if (first.kind === 'packed' || first.kind === 'mixed') return 1;
  let count = 1;
  for (; at.index + count < at.to; count++) {
    const next = entryOf(at.table, at.index + count, layout);
    if (next.kind !== first.kind) break;
    if (next.kind === 'data' && first.kind === 'data' && next.host !== first.host + count * layout.clusterSize) break;
  }
  return count;
}

/** @param range one cluster, or a run of clusters that are alike */
function clusterExtents(entry: L2Entry, { offset, length }: Range, layout: Layout): Iterable<Extent> {
  switch (entry.kind) {
    case 'hole':
    case 'zero':
      return [{ kind: entry.kind, offset, length }];
    case 'data':
      return [{ kind: 'data', offset, length, stored: { form: 'plain', file: 0, offset: entry.host } }];
    case 'packed': {
      const { codec, clusterSize: unpacked } = layout;
      const stored = {
        form: 'packed',
        file: 0,
        offset: entry.host,
        length: entry.length,
        codec,
        unpacked,
        skip: 0,
      } as const;
      return [{ kind: 'data', offset, length, stored }];
    }
    case 'mixed':
      return subclusterExtents(entry, { offset, length }, layout);
  }
}

function* subclusterExtents(
  entry: Extract<L2Entry, { kind: 'mixed' }>,
  cluster: Range,
  layout: Layout,
): Generator<Extent> {
  const size = layout.clusterSize / 32;
  for (let index = 0; index * size < cluster.length; index++) {
    const offset = cluster.offset + index * size;
    const length = Math.min(size, endOf(cluster) - offset);
    if ((entry.allocated >>> index) & 1) {
      yield { kind: 'data', offset, length, stored: { form: 'plain', file: 0, offset: entry.host + index * size } };
    } else {
      yield { kind: (entry.zeros >>> index) & 1 ? 'zero' : 'hole', offset, length };
    }
  }
}
