import { seededBytes } from '../../packages/engine/testing/seeded.ts';
import { diskContent } from '../../packages/engine/testing/disk-content.ts';

const MiB = 1024 * 1024;
const SECTOR = 512;

/** The virtual size of the sample: a multiple of everything that formats round to (1 MiB), of no round number of segments. */
export const SAMPLE_SIZE = 73 * MiB;

/**
 * A disk as people have them: an MBR, a fifth of it with files and gaps, then a third with little here and there, a
 * block of noise, a long run of nothing, and a last sector that counts. About a quarter of it holds something. Another
 * seed gives another disk.
 */
export function sampleDisk(seed = 1, size = SAMPLE_SIZE): Uint8Array {
  const disk = new Uint8Array(size);
  const noise = seededBytes(seed, Math.floor(size / 10) + 300);
  disk.set(masterBootRecord(size), 0);
  disk.set(diskContent('mix', Math.floor(size / 5) + seed * 4096), 2 * MiB);
  for (let at = Math.floor(size / 4); at < size * 0.5; at += 2 * MiB + 512) {
    disk.set(noise.subarray(at % 4096, (at % 4096) + 200_000), at);
  }
  disk.set(noise, Math.floor(size * 0.55) + 12345);
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
