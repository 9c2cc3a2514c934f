import { KiB, SECTOR } from '../../base/align.ts';
import type { Bytes } from '../../base/bytes.ts';
import { u16le, u32le, u64le } from '../../base/endian.ts';
import { damaged, unsupported } from '../fault.ts';
import { countOf } from '../filesystem/signature/content.ts';
import { findMdSuperblock, levelOf } from '../filesystem/signature/md.ts';
import { Part } from '../part.ts';
import { field } from '../text.ts';

/** What a member of a Linux RAID holds by itself: of a RAID 1 all of it (drivers/md/md_p.h of the kernel). */
export interface RaidMember {
  /** As in `/dev/md/NAME`. */
  readonly name: string;
  readonly bytes: Bytes;
}

const MIRROR = 1;
/** Half rebuilt, or on its way to another shape. */
const REBUILT = 0x2;
const RESHAPED = 0x4;
/** Roles from here on are no place in the array: a spare, a faulty device. */
const NO_PLACE = 0xfffd;
const ROLES_AT = 256;

/** @throws GuestFault where it does not hold the whole, or cannot be trusted to */
export async function readRaidMember(member: Bytes): Promise<RaidMember> {
  const found = await findMdSuperblock(member);
  if (!found) throw damaged('no superblock of a RAID');
  const { version, block } = found;
  const [level, devices] = version === 0 ? [u32le(block, 28), u32le(block, 40)] : [u32le(block, 72), u32le(block, 92)];
  if (level !== MIRROR) {
    throw unsupported(`RAID ${levelOf(level)} of ${devices} devices: no single one holds a whole filesystem`);
  }
  if (version === 0) {
    const length = u32le(block, 32) * KiB;
    return { name: String(u32le(block, 44)), bytes: new Part(member, { offset: 0, length }) };
  }
  requireMember(block);
  const start = sectors(block, 128);
  const length = Math.min(sectors(block, 136), sectors(block, 80));
  // `host:name`; a host may be left out.
  const name = field(block, 32, 32).replace(/^.*:/, '');
  return { name, bytes: new Part(member, { offset: start, length }) };
}

function requireMember(block: Uint8Array): void {
  const roles = u32le(block, 220);
  if (ROLES_AT + roles * 2 > block.length) throw damaged('the superblock of a RAID contradicts itself');
  if (sumOf(block, ROLES_AT + roles * 2) !== u32le(block, 216))
    throw damaged('the superblock of a RAID has a wrong checksum');
  const features = u32le(block, 8);
  if ((features & REBUILT) !== 0) throw unsupported('this member of the RAID was still being rebuilt');
  if ((features & RESHAPED) !== 0) throw unsupported('the RAID was being reshaped');
  const number = u32le(block, 160);
  const role = number < roles ? u16le(block, ROLES_AT + number * 2) : NO_PLACE;
  if (role >= NO_PLACE) throw unsupported('this member of the RAID is a spare, or has failed');
}

function sectors(block: Uint8Array, at: number): number {
  return (countOf(u64le(block, at)) ?? Number.MAX_SAFE_INTEGER) * SECTOR;
}

/** The sum of all words, without the one that holds it. */
function sumOf(block: Uint8Array, length: number): number {
  let sum = 0;
  for (let at = 0; at + 4 <= length; at += 4) sum += at === 216 ? 0 : u32le(block, at);
  if (length % 4 === 2) sum += u16le(block, length - 2);
  return ((sum % 2 ** 32) + Math.floor(sum / 2 ** 32)) >>> 0;
}
