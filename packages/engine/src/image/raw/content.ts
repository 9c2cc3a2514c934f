import { u16le, u32le } from '../../base/endian.ts';
import { isZero } from '../../base/zero.ts';
import { textKind } from './text.ts';

/**
 * What an undeclared file looks like that no format claims: whether it can well be a raw disk. Only looks for marks;
 * nothing follows from them but a warning or a refusal.
 */
export interface RawContent {
  readonly kind: 'partition-table' | 'filesystem' | 'empty' | 'text' | 'unknown';
  /** For people: `GPT`, `ext2/3/4`, `an HTML page`. */
  readonly name: string;
}

interface Mark {
  readonly name: string;
  readonly at: number;
  readonly bytes: Uint8Array;
}

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

const PARTITION_TABLES: readonly Mark[] = [
  { name: 'GPT', at: 512, bytes: latin1('EFI PART') },
  { name: 'GPT with sectors of 4096 bytes', at: 4096, bytes: latin1('EFI PART') },
  { name: 'an Apple partition map', at: 512, bytes: latin1('PM\0\0') },
  { name: 'a BSD disk label', at: 512, bytes: Uint8Array.of(0x57, 0x45, 0x56, 0x82) },
];

const FILESYSTEMS: readonly Mark[] = [
  { name: 'NTFS', at: 3, bytes: latin1('NTFS    ') },
  { name: 'exFAT', at: 3, bytes: latin1('EXFAT   ') },
  { name: 'ReFS', at: 3, bytes: latin1('ReFS\0\0\0\0') },
  { name: 'BitLocker', at: 3, bytes: latin1('-FVE-FS-') },
  { name: 'FAT', at: 54, bytes: latin1('FAT12   ') },
  { name: 'FAT', at: 54, bytes: latin1('FAT16   ') },
  { name: 'FAT', at: 82, bytes: latin1('FAT32   ') },
  { name: 'ext2/3/4', at: 1080, bytes: Uint8Array.of(0x53, 0xef) },
  { name: 'XFS', at: 0, bytes: latin1('XFSB') },
  { name: 'Btrfs', at: 65_600, bytes: latin1('_BHRfS_M') },
  { name: 'F2FS', at: 1024, bytes: Uint8Array.of(0x10, 0x20, 0xf5, 0xf2) },
  { name: 'JFS', at: 32_768, bytes: latin1('JFS1') },
  { name: 'HFS+', at: 1024, bytes: latin1('H+\0\x04') },
  { name: 'HFSX', at: 1024, bytes: latin1('HX\0\x05') },
  { name: 'APFS', at: 32, bytes: latin1('NXSB') },
  { name: 'squashfs', at: 0, bytes: latin1('hsqs') },
  { name: 'ISO 9660', at: 32_769, bytes: latin1('CD001') },
  { name: 'LUKS', at: 0, bytes: latin1('LUKS\xba\xbe') },
  { name: 'an LVM physical volume', at: 512, bytes: latin1('LABELONE') },
  { name: 'swap space', at: 4086, bytes: latin1('SWAPSPACE2') },
  { name: 'Linux software RAID', at: 0, bytes: Uint8Array.of(0xfc, 0x4e, 0x2b, 0xa9) },
  { name: 'Linux software RAID', at: 4096, bytes: Uint8Array.of(0xfc, 0x4e, 0x2b, 0xa9) },
];

/** @param head the first bytes of the file, as many as were probed; @param size of the file, undefined in a stream */
export function rawContent(head: Uint8Array, size: number | undefined): RawContent {
  if (size === 0 || head.length === 0) return { kind: 'empty', name: 'nothing' };
  if (isZero(head)) return { kind: 'empty', name: 'zeros' };
  const table = find(PARTITION_TABLES, head);
  if (table) return { kind: 'partition-table', name: table.name };
  const filesystem = find(FILESYSTEMS, head);
  if (filesystem) return { kind: 'filesystem', name: filesystem.name };
  if (isMbr(head)) return { kind: 'partition-table', name: 'MBR' };
  const text = textKind(head);
  if (text) return { kind: 'text', name: text };
  return { kind: 'unknown', name: 'unknown content' };
}

function find(marks: readonly Mark[], head: Uint8Array): Mark | undefined {
  return marks.find(({ at, bytes }) => Buffer.compare(head.subarray(at, at + bytes.length), bytes) === 0);
}

const MBR = { entries: 446, entrySize: 16, signature: 510 };

/** The boot signature, and four entries whose first byte says active or not: other files end a sector with 55 AA too. */
function isMbr(head: Uint8Array): boolean {
  if (head.length < 512 || u16le(head, MBR.signature) !== 0xaa55) return false;
  return [0, 1, 2, 3].every((index) => {
    const at = MBR.entries + index * MBR.entrySize;
    const used = head[at + 4] !== 0;
    return (head[at] === 0 || head[at] === 0x80) && (!used || u32le(head, at + 12) > 0);
  });
}
