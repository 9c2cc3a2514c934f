import { damaged, unsupported } from '../../fault.ts';
import { RunList, type FileRun } from '../runs.ts';
import type { Attribute } from './attributes.ts';

const ENCRYPTED = 0x4000;

/**
 * Where the clusters of an attribute lie, out of its pieces in their order. Sparse runs are left out: they are zeros. Each
 * piece has to begin where the one before ends: one that is missing would be read as zeros, one that is there twice would
 * cost more than the file is large.
 */
export function attributeRuns(pieces: readonly Attribute[], clusterSize: number): readonly FileRun[] {
  const list = new RunList();
  let next = 0;
  for (const { flags, runs, firstCluster } of pieces) {
    if ((flags & ENCRYPTED) !== 0) throw unsupported('the file is encrypted');
    if (firstCluster !== next) throw damaged('a piece of a file is missing, or there twice');
    next = addRuns(list, runs, firstCluster, clusterSize);
  }
  return list.runs;
}

/**
 * Each run: a byte with two lengths, then the number of clusters and the distance from the run before. Gives the cluster
 * behind the last one.
 */
function addRuns(list: RunList, bytes: Uint8Array, first: number, clusterSize: number): number {
  let cluster = first;
  let place = 0;
  for (let at = 0; at < bytes.length && bytes[at] !== 0;) {
    const head = bytes[at] ?? 0;
    const [lengthSize, offsetSize] = [head & 0xf, head >>> 4];
    if (lengthSize === 0 || lengthSize > 6 || offsetSize > 6 || at + 1 + lengthSize + offsetSize > bytes.length) {
      throw damaged('the runs of a file cannot be read');
    }
    const count = little(bytes, at + 1, lengthSize);
    if (offsetSize > 0) {
      place += signed(little(bytes, at + 1 + lengthSize, offsetSize), offsetSize);
      if (place < 0) throw damaged('a run of a file lies in front of the volume');
      list.add({ offset: cluster * clusterSize, length: count * clusterSize, stored: place * clusterSize });
    }
    cluster += count;
    at += 1 + lengthSize + offsetSize;
  }
  return cluster;
}

function little(bytes: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let index = size - 1; index >= 0; index--) value = value * 256 + (bytes[at + index] ?? 0);
  return value;
}

function signed(value: number, size: number): number {
  return value >= 2 ** (size * 8 - 1) ? value - 2 ** (size * 8) : value;
}
