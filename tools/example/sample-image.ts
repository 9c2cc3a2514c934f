import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { isZero } from '../../packages/engine/src/base/zero.ts';
import { makeQcow2, tablesFirst } from '../../packages/engine/testing/make-qcow2.ts';
import { seededBytes } from '../../packages/engine/testing/seeded.ts';
import { makeTar } from '../../packages/engine/testing/tar-maker.ts';
import { withReferenceCounts } from './reference-counts.ts';

const MiB = 1024 * 1024;
const CLUSTER_BITS = 16;

export interface Sample {
  /** A qcow2 image in a tar in a gzip. */
  readonly packed: Uint8Array;
  readonly virtualSize: number;
  /** Of the disk as a raw file. */
  readonly sha256: string;
}

/**
 * A made-up disk of 64 MiB: a partition table of the MBR kind, 6 MiB of content in three places, and nothing in
 * between. It does not boot; the image is one that `qemu-img check` finds no fault in.
 */
export function makeSample(): Sample {
  const disk = new Uint8Array(64 * MiB);
  disk.set(partitionTable(disk.length), 0);
  for (const [seed, at] of [1, 20, 50].entries()) disk.set(seededBytes(seed + 1, 2 * MiB), at * MiB);
  const image = makeQcow2({
    disk,
    clusterBits: CLUSTER_BITS,
    kindOf: (index) => {
      const cluster = disk.subarray(index << CLUSTER_BITS, (index + 1) << CLUSTER_BITS);
      return isZero(cluster) ? 'hole' : 'plain';
    },
    order: tablesFirst,
  });
  const content = withReferenceCounts(image, 2 ** CLUSTER_BITS);
  const packed = gzipSync(makeTar([{ name: 'sample/disk.qcow2', content }]));
  return { packed, virtualSize: disk.length, sha256: createHash('sha256').update(disk).digest('hex') };
}

/** One Linux partition (type 0x83) from 1 MiB to the end. */
function partitionTable(diskSize: number): Uint8Array {
  const sector = new Uint8Array(512);
  const view = new DataView(sector.buffer);
  view.setUint8(446 + 4, 0x83);
  view.setUint32(446 + 8, MiB / 512, true);
  view.setUint32(446 + 12, (diskSize - MiB) / 512, true);
  view.setUint16(510, 0xaa55, true);
  return sector;
}
