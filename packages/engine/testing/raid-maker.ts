import { createHash } from 'node:crypto';

export interface RaidPlan {
  readonly name: string;
  readonly level?: number;
  readonly devices?: number;
  /** What the array says of this member: 0xffff is a spare, 0xfffe a faulty one. */
  readonly role?: number;
  readonly features?: number;
  readonly version?: '1.0' | '1.1' | '1.2' | '0.90';
}

const KIB = 1024;
const SECTOR = 512;
const DATA_AT = 1024 * KIB;
const MAGIC = 0xa92b4efc;
const ROLES = 128;

/** A member of a Linux RAID that holds this content, as mdadm lays it out: no device is needed. */
export function raidMember(content: Uint8Array, plan: RaidPlan): Uint8Array {
  const { version = '1.2' } = plan;
  const isAtEnd = version === '1.0' || version === '0.90';
  const member = Buffer.alloc((isAtEnd ? 0 : DATA_AT) + content.length + (isAtEnd ? 128 * KIB : 0));
  Buffer.from(content).copy(member, isAtEnd ? 0 : DATA_AT);
  const at = { '1.0': member.length - 8 * KIB, '1.1': 0, '1.2': 4 * KIB, '0.90': member.length - 64 * KIB }[version];
  const block =
    version === '0.90' ? oldSuperblock(content.length, plan) : superblock(at, content.length, plan, isAtEnd);
  block.copy(member, at);
  return new Uint8Array(member);
}

function superblock(at: number, length: number, plan: RaidPlan, isAtEnd: boolean): Buffer {
  const { name, level = 1, devices = 2, role = 0, features = 0 } = plan;
  const block = Buffer.alloc(256 + ROLES * 2);
  block.writeUInt32LE(MAGIC, 0);
  block.writeUInt32LE(1, 4);
  block.writeUInt32LE(features, 8);
  createHash('md5').update(name).digest().copy(block, 16);
  block.write(`host:${name}`, 32);
  block.writeBigUInt64LE(1_700_000_000n, 64);
  block.writeUInt32LE(level, 72);
  const sectors = BigInt(length / SECTOR);
  block.writeBigUInt64LE(sectors, 80);
  block.writeUInt32LE(devices, 92);
  block.writeBigUInt64LE(BigInt(isAtEnd ? 0 : DATA_AT / SECTOR), 128);
  block.writeBigUInt64LE(sectors, 136);
  block.writeBigUInt64LE(BigInt(at / SECTOR), 144);
  block.writeBigUInt64LE(1_700_000_000n, 192);
  block.writeBigUInt64LE(2n, 200);
  block.writeBigUInt64LE(2n ** 64n - 1n, 208);
  block.writeUInt32LE(ROLES, 220);
  block.fill(0xff, 256);
  block.writeUInt16LE(role, 256);
  block.writeUInt16LE(1, 258);
  let sum = 0n;
  for (let word = 0; word < block.length; word += 4) sum += BigInt(block.readUInt32LE(word));
  block.writeUInt32LE(Number(((sum & 0xffff_ffffn) + (sum >> 32n)) & 0xffff_ffffn), 216);
  return block;
}

/** Of metadata 0.90: enough to be known and read. */
function oldSuperblock(length: number, { name, level = 1, devices = 2 }: RaidPlan): Buffer {
  const block = Buffer.alloc(4 * KIB);
  block.writeUInt32LE(MAGIC, 0);
  block.writeUInt32LE(0, 4);
  block.writeUInt32LE(90, 8);
  block.writeUInt32LE(level, 28);
  block.writeUInt32LE(length / KIB, 32);
  block.writeUInt32LE(devices, 40);
  block.writeUInt32LE(Number(name), 44);
  return block;
}
