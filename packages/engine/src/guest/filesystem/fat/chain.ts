import { KiB } from '../../../base/align.ts';
import type { Bytes } from '../../../base/bytes.ts';
import { u16le, u32le } from '../../../base/endian.ts';
import { damaged, overLimit } from '../../fault.ts';
import { RunList, type FileRun } from '../runs.ts';
import type { FatLayout } from './boot-sector.ts';

const CLUSTER_LIMIT = 1 << 20;

/** Follows a chain of clusters through the table. It ends where it should, or the volume is damaged. */
export async function chainRuns(
  part: Bytes,
  layout: FatLayout,
  first: number,
  length: number,
): Promise<readonly FileRun[]> {
  const list = new RunList();
  const needed = Math.ceil(length / layout.clusterSize);
  let cluster = first;
  let open: { offset: number; stored: number; length: number } | undefined;
  for (let index = 0; index < needed && !isEnd(cluster, layout); index++) {
    if (index >= layout.clusters) throw damaged('a chain of clusters returns to itself');
    if (index >= CLUSTER_LIMIT) throw overLimit(`a chain of more than ${CLUSTER_LIMIT} clusters`);
    if (cluster < 2 || cluster >= layout.clusters + 2) throw damaged(`a chain leads to cluster ${cluster}`);
    const stored = layout.dataAt + (cluster - 2) * layout.clusterSize;
    if (open && open.stored + open.length === stored) open.length += layout.clusterSize;
    else {
      if (open) list.add(open);
      open = { offset: index * layout.clusterSize, stored, length: layout.clusterSize };
    }
    cluster = await nextCluster(part, layout, cluster);
  }
  if (open) list.add(open);
  return list.runs;
}

function isEnd(cluster: number, { bits }: FatLayout): boolean {
  return cluster >= (bits === 12 ? 0xff8 : bits === 16 ? 0xfff8 : 0x0fff_fff8);
}

async function nextCluster(part: Bytes, { bits, tableAt, tableLength }: FatLayout, cluster: number): Promise<number> {
  const at = bits === 12 ? cluster + (cluster >>> 1) : cluster * (bits / 8);
  const width = bits === 32 ? 4 : 2;
  if (at + width > tableLength) throw damaged(`the table has no entry for cluster ${cluster}`);
  const word = new Uint8Array(width);
  await part.read(tableAt + at, word);
  if (bits === 32) return u32le(word, 0) & 0x0fff_ffff;
  if (bits === 16) return u16le(word, 0);
  return cluster % 2 === 0 ? u16le(word, 0) & 0xfff : u16le(word, 0) >>> 4;
}

/** A chain of unknown length: a directory, which has no size. */
export const DIRECTORY_LIMIT = 2048 * KiB;
