import { ascii, u16le, u32le } from '../../base/endian.ts';
import { type Finding, named, shownLabel } from './findings.ts';

interface Signature {
  readonly kind: string;
  /** What it is, with its article. */
  readonly what: string;
  readonly at: number;
  readonly mark: string | readonly number[];
  /** Where a label lies, and how it is written. */
  readonly label?: { readonly at: number; readonly length: number; readonly encoding?: 'utf16le' };
}

/** Marks that identify what lies on a disk by themselves; offsets in bytes from its start. */
const SIGNATURES: readonly Signature[] = [
  { kind: 'xfs', what: 'an XFS file system', at: 0, mark: 'XFSB', label: { at: 108, length: 12 } },
  {
    kind: 'btrfs',
    what: 'a Btrfs file system',
    at: 0x10040,
    mark: '_BHRfS_M',
    label: { at: 0x1012b, length: 256 },
  },
  { kind: 'ntfs', what: 'an NTFS file system', at: 3, mark: 'NTFS    ' },
  { kind: 'bitlocker', what: 'a BitLocker volume', at: 3, mark: '-FVE-FS-' },
  { kind: 'exfat', what: 'an exFAT file system', at: 3, mark: 'EXFAT   ' },
  { kind: 'iso9660', what: 'an ISO 9660 file system', at: 32769, mark: 'CD001', label: { at: 32808, length: 32 } },
  { kind: 'f2fs', what: 'an F2FS file system', at: 1024, mark: [0x10, 0x20, 0xf5, 0xf2] },
  { kind: 'luks', what: 'a LUKS container', at: 0, mark: [0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe] },
  {
    kind: 'md',
    what: 'a part of an md array (1.2)',
    at: 4096,
    mark: [0xfc, 0x4e, 0x2b, 0xa9],
    label: { at: 4128, length: 32 },
  },
  {
    kind: 'md',
    what: 'a part of an md array (1.1)',
    at: 0,
    mark: [0xfc, 0x4e, 0x2b, 0xa9],
    label: { at: 32, length: 32 },
  },
  { kind: 'zfs', what: 'a part of a ZFS pool', at: 0x20000, mark: [0x0c, 0xb1, 0xba] },
  { kind: 'qcow2', what: 'a qcow2 image, as a file', at: 0, mark: [0x51, 0x46, 0x49, 0xfb] },
  { kind: 'vmdk', what: 'a VMDK image, as a file', at: 0, mark: 'KDMV' },
  { kind: 'vhdx', what: 'a VHDX image, as a file', at: 0, mark: 'vhdxfile' },
  { kind: 'vpc', what: 'a VHD image, as a file', at: 0, mark: 'conectix' },
  { kind: 'vdi', what: 'a VDI image, as a file', at: 64, mark: [0x7f, 0x10, 0xda, 0xbe] },
  { kind: 'gzip', what: 'a gzip file', at: 0, mark: [0x1f, 0x8b, 0x08] },
  { kind: 'xz', what: 'an xz file', at: 0, mark: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { kind: 'zstd', what: 'a zstd file', at: 0, mark: [0x28, 0xb5, 0x2f, 0xfd] },
  { kind: 'zip', what: 'a zip file', at: 0, mark: [0x50, 0x4b, 0x03, 0x04] },
];

/** What the first part of the disk says it is. `head` begins at offset 0. */
export function findSignatures(head: Uint8Array): Finding[] {
  const findings: Finding[] = [];
  for (const { kind, what, at, mark, label } of SIGNATURES) {
    if (!hasMark(head, at, mark)) continue;
    const text =
      label === undefined ? '' : shownLabel(head.subarray(label.at, label.at + label.length), label.encoding);
    findings.push({ kind, phrase: named(what, text) });
  }
  for (const find of [findExt, findFat, findSwap, findPhysicalVolume]) {
    const finding = find(head);
    if (finding !== undefined) findings.push(finding);
  }
  return findings;
}

function hasMark(head: Uint8Array, at: number, mark: string | readonly number[]): boolean {
  const bytes = Buffer.from(mark as string, 'latin1');
  return head.length >= at + bytes.length && bytes.equals(head.subarray(at, at + bytes.length));
}

/** Superblock at 1024; which of the family it is, its features tell (Documentation/filesystems/ext4 of the kernel). */
function findExt(head: Uint8Array): Finding | undefined {
  const at = 1024;
  if (head.length < at + 1024 || u16le(head, at + 56) !== 0xef53) return undefined;
  const hasJournal = (u32le(head, at + 92) & 0x4) !== 0;
  const usesExt4 = (u32le(head, at + 96) & ~0x16) !== 0 || (u32le(head, at + 100) & ~0x7) !== 0;
  const kind = usesExt4 ? 'ext4' : hasJournal ? 'ext3' : 'ext2';
  return { kind, phrase: named(`an ${kind} file system`, shownLabel(head.subarray(at + 120, at + 136))) };
}

/** FAT has no mark of its own: the words of its first sector must agree with each other. */
function findFat(head: Uint8Array): Finding | undefined {
  if (head.length < 512 || u16le(head, 510) !== 0xaa55) return undefined;
  const at = ascii(head, 54, 3) === 'FAT' ? 54 : ascii(head, 82, 5) === 'FAT32' ? 82 : undefined;
  const bytesPerSector = u16le(head, 11);
  const fats = head[16] ?? 0;
  if (at === undefined || ![512, 1024, 2048, 4096].includes(bytesPerSector) || fats < 1 || fats > 2) return undefined;
  const label = shownLabel(head.subarray(at - 11, at));
  return { kind: 'fat', phrase: named('a FAT file system', label === 'NO NAME' ? '' : label) };
}

/** The mark stands at the end of the first page, whatever the size of a page is (mkswap(8)). */
function findSwap(head: Uint8Array): Finding | undefined {
  const isSwap = [4096, 8192, 16384, 65536].some((page) => hasMark(head, page - 10, 'SWAPSPACE2'));
  if (!isSwap) return undefined;
  return { kind: 'swap', phrase: named('a swap area', shownLabel(head.subarray(1052, 1068))) };
}

/** The label stands in one of the first four sectors. */
function findPhysicalVolume(head: Uint8Array): Finding | undefined {
  const isLabelled = [0, 512, 1024, 1536].some(
    (at) => hasMark(head, at, 'LABELONE') && hasMark(head, at + 24, 'LVM2 001'),
  );
  return isLabelled ? { kind: 'lvm', phrase: 'an LVM physical volume' } : undefined;
}
