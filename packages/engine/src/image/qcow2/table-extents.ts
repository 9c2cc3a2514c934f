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
  const first = Math.floor((Math.max(within.offset, table.base) - table.base) / clusterSize);
  for (let index = first; table.base + index * clusterSize < end; index++) {
    const entry = l2Entry(table.view, index * layout.entrySize, layout, table.offset);
    const cluster = table.base + index * clusterSize;
    const length = Math.min(clusterSize, layout.diskSize - cluster);
    for (const extent of clusterExtents(entry, { offset: cluster, length }, layout)) {
      const done = join.add(extent);
      if (done) yield done;
    }
  }
  const last = join.end();
  if (last) yield last;
}

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
