import { SECTOR } from '../../base/align.ts';
import { readBytes, type Bytes } from '../../base/bytes.ts';
import { u64le } from '../../base/endian.ts';
import { isZero } from '../../base/zero.ts';
import type { PartitionTable } from '../partition/partition.ts';
import type { BootFacts, Fact } from '../report.ts';
import type { Volume } from '../volume/volumes.ts';
import { fact } from '../facts.ts';
import { shown } from '../text.ts';

/** Where the program in an MBR ends. */
const CODE_LENGTH = 440;
const PROGRAMS: readonly (readonly [string, string])[] = [
  ['GRUB', 'grub'],
  ['LILO', 'lilo'],
  ['isolinux', 'isolinux'],
  ['SYSLINUX', 'syslinux'],
  ['EXTLINUX', 'syslinux'],
  ['BOOTMGR', 'windows'],
  ['Missing operating system', 'windows'],
  ['Operating system load error', 'syslinux'],
];

export async function readBios(disk: Bytes, table: PartitionTable): Promise<BootFacts['bios']> {
  const sector = disk.size < SECTOR ? new Uint8Array(SECTOR) : await readBytes(disk, { offset: 0, length: SECTOR });
  const code = biosCode(sector);
  return { code, complete: await fact(() => isComplete(disk, sector, code, table)) };
}

function biosCode(sector: Uint8Array): string | null {
  if (isZero(sector.subarray(0, CODE_LENGTH))) return null;
  const text = Buffer.from(sector.subarray(0, CODE_LENGTH)).toString('latin1');
  return PROGRAMS.find(([mark]) => text.includes(mark))?.[1] ?? 'unknown';
}

/** Whether what the first sector loads next is there: a partition image copied as a disk lacks it. */
async function isComplete(
  disk: Bytes,
  sector: Uint8Array,
  code: string | null,
  table: PartitionTable,
): Promise<Fact<boolean>> {
  const from = 'the first sector';
  if (code === null) return { value: false, from };
  if (code === 'grub') return { value: await hasCore(disk, sector), from };
  if (code === 'windows') return { value: table.partitions.some(({ active }) => active), from };
  return { unknown: `the boot code is ${code === 'unknown' ? 'not known' : code}` };
}

/** boot.img holds the sector at which the rest of GRUB lies. */
async function hasCore(disk: Bytes, sector: Uint8Array): Promise<boolean> {
  const at = Number(u64le(sector, 0x5c)) * SECTOR;
  if (at < SECTOR || at + SECTOR > disk.size) return false;
  return !isZero(await readBytes(disk, { offset: at, length: SECTOR }));
}

const LOADER_LIMIT = 32;
const FALLBACK = /^\/EFI\/BOOT\/BOOT(X64|AA64|IA32|RISCV64)\.EFI$/i;

/** The programs that UEFI may start, on every volume that is an ESP or looks like one. */
export async function readUefi(
  volumes: readonly Volume[],
): Promise<{ readonly loaders: readonly string[]; readonly fallback: boolean }> {
  const loaders: string[] = [];
  for (const { files, content, partition } of volumes) {
    if (!files || !(partition?.use === 'esp' || content?.kind.startsWith('fat'))) continue;
    for (const vendor of (await files.list('/EFI')).slice(0, LOADER_LIMIT)) {
      for (const name of await files.list(`/EFI/${vendor}`)) {
        if (/\.efi$/i.test(name) && loaders.length < LOADER_LIMIT) loaders.push(shown(`/EFI/${vendor}/${name}`));
      }
    }
  }
  return { loaders, fallback: loaders.some((path) => FALLBACK.test(path)) };
}
