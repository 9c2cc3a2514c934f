import { isPowerOfTwo, KiB } from '../../../base/align.ts';
import { u16le, u32le } from '../../../base/endian.ts';

/** Where the parts of a FAT volume lie (Microsoft, FAT32 File System Specification 1.03). Offsets in bytes. */
export interface FatLayout {
  readonly bits: 12 | 16 | 32;
  readonly sectorSize: number;
  readonly sectors: number;
  readonly clusterSize: number;
  readonly clusters: number;
  readonly tableAt: number;
  readonly tableLength: number;
  /** The root of FAT12 and FAT16 has a place of its own; that of FAT32 is a chain. */
  readonly root: { readonly offset: number; readonly length: number } | { readonly cluster: number };
  readonly dataAt: number;
}

/** Undefined where it is no boot sector of FAT. */
export function fatLayout(sector: Uint8Array): FatLayout | undefined {
  const jump = sector[0] === 0xe9 || (sector[0] === 0xeb && sector[2] === 0x90);
  const sectorSize = u16le(sector, 11);
  const perCluster = sector[13] ?? 0;
  const reserved = u16le(sector, 14);
  const tables = sector[16] ?? 0;
  const rootEntries = u16le(sector, 17);
  const sane = jump && isPowerOfTwo(sectorSize) && sectorSize >= 512 && sectorSize <= 4 * KiB;
  if (!sane || !isPowerOfTwo(perCluster) || reserved === 0 || tables === 0 || tables > 4) return undefined;
  if ((sector[21] ?? 0) < 0xf0) return undefined;
  const sectors = u16le(sector, 19) || u32le(sector, 32);
  const tableSectors = u16le(sector, 22) || u32le(sector, 36);
  const rootSectors = Math.ceil((rootEntries * 32) / sectorSize);
  const data = reserved + tables * tableSectors + rootSectors;
  const clusters = Math.floor((sectors - data) / perCluster);
  if (tableSectors === 0 || clusters < 1) return undefined;
  const isWide = u16le(sector, 22) === 0;
  const bits = isWide ? 32 : clusters < 4085 ? 12 : 16;
  const rootAt = (reserved + tables * tableSectors) * sectorSize;
  return {
    bits,
    sectorSize,
    sectors,
    clusterSize: perCluster * sectorSize,
    clusters,
    tableAt: reserved * sectorSize,
    tableLength: tableSectors * sectorSize,
    root: isWide ? { cluster: u32le(sector, 44) } : { offset: rootAt, length: rootEntries * 32 },
    dataAt: data * sectorSize,
  };
}
