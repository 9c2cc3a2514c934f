import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { KiB, MiB } from '../src/base/align.ts';
import { readBytes, type Bytes } from '../src/base/bytes.ts';
import { DiskferryError, type ErrorCode } from '../src/base/errors.ts';
import type { Image } from '../src/image/image.ts';
import { qcow2 } from '../src/image/qcow2/qcow2.ts';
import { SpillFile } from '../src/image/spill-file.ts';
import { diskContent } from './disk-content.ts';
import { makeQcow2, packedWord, tablesFirst } from './make-qcow2.ts';
import { MemoryBytes, streamOf } from './memory-bytes.ts';

/** A disk of 64 KiB in 4 KiB clusters. In the file: header, L1 table, L2 table, then the clusters in their order. */
export const CLUSTER = 4 * KiB;
export const L1 = CLUSTER;
export const L2 = 2 * CLUSTER;
export const DATA = 3 * CLUSTER;
export const DISK = diskContent('random', 64 * KiB);
export const GOOD = makeQcow2({ disk: DISK, clusterBits: 12, kindOf: () => 'plain', order: tablesFirst });
export const EXTENSIONS = 112;

export type Patch = readonly [at: number, value: number | bigint | Uint8Array];

/** A number is written as 32 bits, a bigint as 64. */
export function patched(patches: readonly Patch[], base: Uint8Array = GOOD): Uint8Array {
  const bytes = base.slice();
  const view = new DataView(bytes.buffer);
  for (const [at, value] of patches) {
    if (typeof value === 'number') view.setUint32(at, value);
    else if (typeof value === 'bigint') view.setBigUint64(at, value);
    else bytes.set(value, at);
  }
  return bytes;
}

/** Nothing is ever looked up because an image names it. */
const nothingAround = {
  companion: () => Promise.reject(new Error('a name inside the image was looked up')),
};

export async function open(file: Uint8Array | Bytes): Promise<Image> {
  return qcow2.open(file instanceof Uint8Array ? new MemoryBytes(file) : file, nothingAround);
}

export async function readAll(file: Uint8Array): Promise<Uint8Array> {
  const image = await open(file);
  let count = 0;
  for await (const _ of image.extents({ offset: 0, length: image.size })) if (++count > 1000) break;
  return readBytes(image, { offset: 0, length: Math.min(image.size, MiB) });
}

export async function scanAll(file: Uint8Array): Promise<Uint8Array> {
  await using spill = new SpillFile(MiB);
  const scan = await qcow2.scan?.(streamOf(file), { fileSize: undefined, spill });
  if (!scan) throw new Error('no scan');
  const disk = new Uint8Array(Math.min(scan.size ?? 0, MiB));
  for await (const { offset, bytes } of scan.pieces()) {
    if (offset < disk.length) disk.set(bytes.subarray(0, disk.length - offset), offset);
  }
  return disk;
}

export interface Refused {
  readonly title: string;
  readonly file: Uint8Array;
  readonly code: ErrorCode;
  readonly message?: RegExp;
}

export const refuse = (title: string, patches: readonly Patch[], code: ErrorCode, message?: RegExp): Refused => {
  return { title, file: patched(patches), code, ...(message && { message }) };
};

export function extension(type: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(8 + Math.ceil(body.length / 8) * 8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type);
  view.setUint32(4, body.length);
  bytes.set(body, 8);
  return bytes;
}

export const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value, 'latin1'));
export const featureName = (bit: number, name: string): Uint8Array =>
  Uint8Array.of(0, bit, ...text(name.padEnd(46, '\0')));
export const l2 = (word: bigint): Patch => [L2, word];
export const stored = (offset: number): bigint => BigInt(offset);

/** The first cluster of the disk packed, behind everything else. */
export function packedAtEnd(unpacked: Uint8Array, padding = CLUSTER): Uint8Array {
  const packed = deflateRawSync(unpacked);
  const file = new Uint8Array(GOOD.length + packed.length + padding);
  file.set(patched([l2(packedWord(12, GOOD.length, packed.length))]));
  file.set(packed, GOOD.length);
  return file;
}

/** One test for each: refused by random access and by one pass, with the place. */
export function refusesEach(cases: readonly Refused[]): void {
  it.each(cases)('refuses $title', async ({ file, code, message = /./ }) => {
    for (const read of [readAll, scanAll]) {
      const error = await read(file).catch((each: unknown) => each);
      if (!(error instanceof DiskferryError)) return expect.fail(`no refusal by ${read.name}`);
      expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
      expect(error.offset).toBeTypeOf('number');
      expect(error.message.length).toBeLessThan(400);
    }
  });
}
