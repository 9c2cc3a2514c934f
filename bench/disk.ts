import { open } from 'node:fs/promises';
import { seededRandom } from '../packages/engine/testing/seeded.ts';
import { FileFeed } from './real-files.ts';
import { GIB, KIB, MIB } from './units.ts';

export interface DiskShape {
  readonly size: number;
  /** About so many bytes of it hold data. */
  readonly allocated: number;
}

export interface Run {
  readonly offset: number;
  readonly length: number;
}

/** Where a cluster or block of any of the formats may begin. */
const PLACE = 64 * KIB;
/** Long enough that the 2 MiB blocks of a VHD are mostly full, as on disks in use. */
const MEAN_RUN = 32 * MIB;

/** Where data lies: runs of uneven length at uneven places all over the disk, as on a disk that has been used. */
export function scatteredRuns({ size, allocated }: DiskShape): Run[] {
  const mean = Math.min(MEAN_RUN, Math.max(PLACE, Math.floor(allocated / 64 / PLACE) * PLACE));
  const count = Math.max(1, Math.round(allocated / mean));
  const slot = Math.floor((size - PLACE) / count / PLACE);
  const random = seededRandom(allocated / PLACE);
  return Array.from({ length: count }, (_, index) => {
    const length = Math.min(slot, 1 + Math.floor(random() * (2 * (mean / PLACE) - 1)));
    const lead = Math.floor(random() * (slot - length + 1));
    return { offset: PLACE * (1 + index * slot + lead), length: PLACE * length };
  });
}

/** Writes a sparse raw disk: a partition table, then real files in scattered runs. Gives the bytes it holds. */
export async function writeDisk(path: string, shape: DiskShape, files: readonly string[]): Promise<number> {
  await using disk = await open(path, 'wx');
  await using feed = new FileFeed(files);
  await disk.truncate(shape.size);
  await disk.write(partitionTable(shape.size), 0, 512, 0);
  const buffer = new Uint8Array(2 * MEAN_RUN);
  let data = PLACE;
  for (const { offset, length } of scatteredRuns(shape)) {
    const bytes = buffer.subarray(0, length);
    await feed.fill(bytes);
    await disk.write(bytes, 0, length, offset);
    data += length;
  }
  return data;
}

/** A DOS partition table with one Linux partition over the whole disk (larger ones: as far as its 32 bits reach). */
function partitionTable(size: number): Uint8Array {
  const sector = new DataView(new ArrayBuffer(512));
  const start = 2048;
  sector.setUint8(446 + 4, 0x83);
  sector.setUint32(446 + 8, start, true);
  sector.setUint32(446 + 12, Math.min(size, 2048 * GIB) / 512 - start - 1, true);
  sector.setUint16(510, 0x55aa);
  return new Uint8Array(sector.buffer);
}
