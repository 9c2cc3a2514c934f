import { MiB } from '../../base/align.ts';
import { endOf, type Bytes } from '../../base/bytes.ts';
import type { OnePassForecast } from '../image.ts';
import { readHead, type Head } from './head.ts';
import { readL1, type L1Table } from './l1-table.ts';
import type { Layout } from './layout.ts';
import { SHELF_MEMORY } from './shelf.ts';

/** An L1 table behind this is not waited for: `file` may be a stream of which only the beginning is read. */
const REACH = 32 * MiB;

/**
 * Whether a qcow2 file in a compressed package can be landed in one pass, and what it may cost. Reads the first cluster
 * and the L1 table.
 * @throws DiskferryError `image-*`, as `open` does
 */
export async function onePassForecast(file: Bytes, signal?: AbortSignal): Promise<OnePassForecast> {
  const head = await readHead(file, signal);
  if (endOf(head.layout.l1) > REACH) {
    return {
      spill: 'likely',
      atMost: undefined,
      because: `the L1 table lies at ${head.layout.l1.offset}, behind data`,
    };
  }
  return forecastOf(head, await readL1(file, head.layout, signal));
}

function forecastOf({ header, layout }: Head, { inFileOrder }: L1Table): OnePassForecast {
  const atMost = Math.max(endOf(layout.l1), (inFileOrder.at(-1) ?? 0) + layout.clusterSize);
  if (atMost <= SHELF_MEMORY) return { spill: 'none', atMost, because: 'all tables lie at the beginning' };
  if (header.snapshots.count > 0) {
    return { spill: 'likely', atMost, because: 'the image has snapshots: tables were written again behind their data' };
  }
  if (endOf(layout.l1) - layout.clusterSize > SHELF_MEMORY) {
    return { spill: 'likely', atMost, because: `the L1 table lies at ${layout.l1.offset}, behind data` };
  }
  const table = behindUnknown(layout, inFileOrder);
  if (table !== undefined) return { spill: 'likely', atMost, because: `an L2 table lies at ${table}, behind its data` };
  return { spill: 'unlikely', atMost, because: 'the tables lie as programs write them, in front of their data' };
}

/**
 * The first table in front of which there is more than all tables before it can name. (The order of the tables tells
 * nothing: a guest writes anywhere, and each table is made before the first data that it names.)
 */
function behindUnknown({ l1, clusterSize, tableSpan }: Layout, inFileOrder: Float64Array): number | undefined {
  return inFileOrder.find((offset, index) => {
    const explained = endOf(l1) + index * (tableSpan + clusterSize);
    return offset - explained > SHELF_MEMORY;
  });
}
