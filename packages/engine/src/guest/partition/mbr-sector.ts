import { SECTOR } from '../../base/align.ts';
import { u16le, u32le } from '../../base/endian.ts';

/** The first sector of a disk, or of a link in the chain of logical partitions. */
const ENTRIES_AT = 446;
const ENTRY_SIZE = 16;
const MARK_AT = 510;
const MARK = 0xaa55;

export interface MbrEntry {
  readonly status: number;
  readonly type: number;
  /** Sectors. */
  readonly start: number;
  readonly count: number;
}

export function hasMbrMark(sector: Uint8Array): boolean {
  return sector.length >= SECTOR && u16le(sector, MARK_AT) === MARK;
}

export function mbrEntries(sector: Uint8Array): MbrEntry[] {
  return [0, 1, 2, 3].map((index) => {
    const at = ENTRIES_AT + index * ENTRY_SIZE;
    return {
      status: sector[at] ?? 0,
      type: sector[at + 4] ?? 0,
      start: u32le(sector, at + 8),
      count: u32le(sector, at + 12),
    };
  });
}

export function isUsed({ type, count }: MbrEntry): boolean {
  return type !== 0 && count !== 0;
}

export function isExtended({ type }: MbrEntry): boolean {
  return type === 0x05 || type === 0x0f || type === 0x85;
}

export function diskSignature(sector: Uint8Array): number {
  return u32le(sector, 440);
}

/**
 * Whether the four entries can be a table. The boot sectors of FAT and NTFS bear the same mark, and have program text
 * where a table would stand.
 */
export function isPlausible(entries: readonly MbrEntry[]): boolean {
  const sane = entries.every(({ status, type, start, count }) => {
    if (status !== 0 && status !== 0x80) return false;
    return type === 0 ? true : count === 0 || start > 0;
  });
  return sane && entries.some(isUsed);
}
