import { expect } from 'vitest';
import { KiB, MiB } from '../src/base/align.ts';
import { readBytes } from '../src/base/bytes.ts';
import type { ErrorCode } from '../src/base/errors.ts';
import type { Image, Surroundings } from '../src/image/image.ts';
import { SpillFile } from '../src/image/spill-file.ts';
import { vmdk } from '../src/image/vmdk/vmdk.ts';
import { diskContent } from './disk-content.ts';
import { surroundings } from './image-conformance.ts';
import { MemoryBytes, streamOf } from './memory-bytes.ts';
import { descriptorText, sparseVmdk, type MadeVmdk } from './vmdk-image.ts';

/** What a hostile or broken VMDK may say, and the answer. Each case is a good image with one thing changed. */
export const DISK = diskContent('random', 100 * KiB);

export type Change = (bytes: Buffer, at: MadeVmdk['at']) => Buffer | void;
export interface Case {
  readonly name: string;
  readonly change: Change;
  readonly code: ErrorCode;
  /** Undefined: any. */
  readonly offset?: number;
}

export const u32 = (at: number, value: number) => (bytes: Buffer) => void bytes.writeUInt32LE(value, at);
export const u64 = (at: number, value: bigint) => (bytes: Buffer) => void bytes.writeBigUInt64LE(value, at);
export const HUGE = 2n ** 63n;

/** Wrong words in the header, which sparse disks and streams have alike. */
export const WRONG_HEADERS: readonly Case[] = [
  { name: 'version 0', change: u32(4, 0), code: 'image-unsupported', offset: 4 },
  { name: 'version 4', change: u32(4, 4), code: 'image-unsupported', offset: 4 },
  { name: 'a flag that is not known', change: u32(8, 0x40003), code: 'image-unsupported', offset: 8 },
  { name: 'changed line ends', change: (b) => void b.write('\n \n\n', 73), code: 'image-damaged', offset: 73 },
  { name: 'compression 2', change: (b) => void b.writeUInt16LE(2, 77), code: 'image-unsupported', offset: 77 },
  {
    name: 'a compression that the flags do not have',
    change: (b) => void (b[77] = b[77] ? 0 : 1),
    code: 'image-damaged',
    offset: 8,
  },
  { name: '511 entries in a table', change: u32(44, 511), code: 'image-unsupported', offset: 44 },
  { name: '0 entries in a table', change: u32(44, 0), code: 'image-unsupported', offset: 44 },
  { name: '2^31 entries in a table', change: u32(44, 2 ** 31), code: 'image-unsupported', offset: 44 },
  { name: 'a grain of 0', change: u64(20, 0n), code: 'image-damaged', offset: 20 },
  { name: 'a grain of 3 sectors', change: u64(20, 3n), code: 'image-damaged', offset: 20 },
  { name: 'a grain of 4 sectors', change: u64(20, 4n), code: 'image-damaged', offset: 20 },
  { name: 'a grain of 2 MiB', change: u64(20, 4096n), code: 'image-damaged', offset: 20 },
  { name: 'a grain of 2^63 sectors', change: u64(20, HUGE), code: 'image-damaged', offset: 20 },
  { name: 'a capacity of 2^64 - 1', change: u64(12, 2n ** 64n - 1n), code: 'image-limit', offset: 12 },
  {
    name: 'a capacity that needs 32 MiB of directory',
    change: u64(12, 512n * 8n * 8n * 2n ** 20n),
    code: 'image-limit',
    offset: 12,
  },
  { name: 'a capacity of 0', change: u64(12, 0n), code: 'image-damaged' },
  { name: 'a capacity under that of its descriptor', change: u64(12, 100n), code: 'image-damaged', offset: 512 },
  { name: 'a descriptor of 2 MiB', change: u64(36, 4096n), code: 'image-limit', offset: 36 },
  { name: 'a descriptor behind the end', change: u64(28, 1n << 40n), code: 'image-truncated' },
  { name: 'a descriptor at 2^63', change: u64(28, HUGE), code: 'image-damaged', offset: 28 },
  { name: 'a descriptor that is none', change: (b) => void b.write('junk', 512), code: 'image-damaged', offset: 512 },
  { name: 'no descriptor', change: u64(28, 0n), code: 'image-extent-missing' },
  { name: 'an overhead of 2^63', change: u64(64, HUGE), code: 'image-damaged', offset: 64 },
  { name: 'nothing but the magic', change: (b) => b.subarray(0, 4), code: 'image-truncated', offset: 4 },
  { name: 'nothing but the header', change: (b) => b.subarray(0, 512), code: 'image-truncated' },
];

export function seSparse(): Uint8Array {
  const bytes = Buffer.alloc(1024);
  bytes.writeBigUInt64LE(0xcafebaben, 0);
  bytes.writeBigUInt64LE(0x200000001n, 8);
  return bytes;
}

export function deltaExtent(): Uint8Array {
  const header = ['version=1', 'parentCID=00000001', 'parentFileNameHint="base.vmdk"'];
  return sparseVmdk(DISK, { descriptor: descriptorText({ extents: ['RW 200 SPARSE "x"'], header }) }).bytes;
}

export function changed(made: MadeVmdk, change: Change): Uint8Array {
  const bytes = Buffer.from(made.bytes);
  return new Uint8Array(change(bytes, made.at) ?? bytes);
}

export function nothingIsAskedFor(): Surroundings {
  return {
    companion: async (name) => {
      throw new Error(`asked for ${name}`);
    },
  };
}

export async function open(bytes: Uint8Array, around: Surroundings = surroundings()): Promise<Image> {
  return vmdk.open(new MemoryBytes(bytes), around);
}

export async function whole(image: Image): Promise<Uint8Array> {
  return readBytes(image, { offset: 0, length: image.size });
}

export async function expectRefused(
  bytes: Uint8Array,
  code: ErrorCode,
  offset?: number,
  around: Surroundings = surroundings(),
): Promise<void> {
  const refusal: unknown = await open(bytes, around)
    .then(whole)
    .catch((error: unknown) => error);
  expect(refusal).toMatchObject(offset === undefined ? { code } : { code, offset });
}

export async function passed(bytes: Uint8Array): Promise<void> {
  await using spill = new SpillFile(MiB);
  const scan = await vmdk.scan?.(streamOf(bytes, [4096, 511]), { fileSize: undefined, spill });
  if (!scan) return;
  for await (const piece of scan.pieces()) expect(piece.offset + piece.bytes.length).toBeLessThanOrEqual(DISK.length);
  scan.conclude();
}
