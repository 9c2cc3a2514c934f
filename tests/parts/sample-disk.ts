import { seededBytes } from '../../packages/engine/testing/seeded.ts';
import { diskContent } from '../../packages/engine/testing/disk-content.ts';

const MiB = 1024 * 1024;
const SECTOR = 512;

/** The virtual size of the sample: a multiple of everything that formats round to (1 MiB), of no round number of segments. */
export const SAMPLE_SIZE = 73 * MiB;

/**
 * A disk as people have them: an MBR, some areas with files, one of noise, long runs of nothing, and a last sector that
 * counts. About 20 MiB of it hold something. Another seed gives another disk.
 */
export function sampleDisk(seed = 1, size = SAMPLE_SIZE): Uint8Array {
  const disk = new Uint8Array(size);
  disk.set(masterBootRecord(size), 0);
  disk.set(diskContent('mix', 14 * MiB + seed * 4096), 2 * MiB);
  disk.set(seededBytes(seed, 9 * MiB + 300), 41 * MiB + 12345);
  disk.set(seededBytes(seed + 100, 700), size - 700);
  return disk;
}

/** One Linux partition from 1 MiB to the end. */
export function masterBootRecord(size: number): Uint8Array {
  const sector = Buffer.alloc(SECTOR);
  sector.writeUInt8(0x80, 446);
  sector.writeUInt8(0x83, 450);
  sector.writeUInt32LE(2048, 454);
  sector.writeUInt32LE(size / SECTOR - 2048, 458);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}
