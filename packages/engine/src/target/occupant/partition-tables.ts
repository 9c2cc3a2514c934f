import { ascii, u16le, u32le, u64le } from '../../base/endian.ts';
import { isZero } from '../../base/zero.ts';
import type { Finding } from './findings.ts';

const ENTRY_LIMIT = 1024;

/**
 * The partition tables at the start and at the end of a disk (UEFI specification, section 5). Only for a notice to
 * people: a table is named when its mark is there, whether or not it is in order.
 */
export function findPartitionTables(head: Uint8Array, tail: Uint8Array): Finding[] {
  const gpt = gptAt(head, 512) ?? gptAt(head, 4096);
  if (gpt !== undefined) return [gpt];
  const findings: Finding[] = [];
  const mbr = mbrIn(head);
  if (mbr !== undefined) findings.push(mbr);
  const end = tail.length;
  const hasBackup = [512, 4096].some((block) => end >= block && ascii(tail, end - block, 8) === 'EFI PART');
  if (hasBackup) findings.push({ kind: 'gpt-backup', phrase: 'the backup of a GPT partition table at its end' });
  return findings;
}

function gptAt(head: Uint8Array, at: number): Finding | undefined {
  if (head.length < at + 92 || ascii(head, at, 8) !== 'EFI PART') return undefined;
  const count = gptPartitions(head, at);
  const phrase = count === undefined ? 'a GPT partition table' : `a GPT partition table with ${partitions(count)}`;
  return { kind: 'gpt', phrase };
}

/** How many entries are in use; undefined where they do not lie in what was read. */
function gptPartitions(head: Uint8Array, at: number): number | undefined {
  const firstBlock = u64le(head, at + 72);
  const entries = u32le(head, at + 80);
  const entrySize = u32le(head, at + 84);
  const isPlausible = entries <= ENTRY_LIMIT && entrySize >= 128 && entrySize <= 4096 && firstBlock < 2n ** 20n;
  const start = Number(firstBlock) * at; // the header lies in block 1, so its offset is the size of a block
  if (!isPlausible || start + entries * entrySize > head.length) return undefined;
  let count = 0;
  for (let index = 0; index < entries; index++) {
    const type = head.subarray(start + index * entrySize, start + index * entrySize + 16);
    if (!isZero(type)) count++;
  }
  return count;
}

/** Four entries of 16 bytes. The same mark ends the boot sector of file systems: their code does not look like a table. */
function mbrIn(head: Uint8Array): Finding | undefined {
  if (head.length < 512 || u16le(head, 510) !== 0xaa55) return undefined;
  let count = 0;
  for (let at = 446; at < 510; at += 16) {
    const [status, type] = [head[at] ?? 0, head[at + 4] ?? 0];
    if (status !== 0 && status !== 0x80) return undefined;
    if (type !== 0 && u32le(head, at + 12) > 0) count++;
  }
  if (count === 0) return undefined;
  return { kind: 'mbr', phrase: `an MBR partition table with ${partitions(count)}` };
}

function partitions(count: number): string {
  return count === 1 ? '1 partition' : `${count} partitions`;
}
