import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import {
  openBytes,
  openImage,
  openSource,
  openTarget,
  Workshop,
  Meter,
  noCheckpoint,
  transfer,
} from '../../packages/engine/src/index.ts';
import type { FormatName } from '../../packages/engine/src/index.ts';
import { readBytes } from '../../packages/engine/src/base/bytes.ts';
import { isZero } from '../../packages/engine/src/base/zero.ts';

const TiB = 1024 ** 4;
const CHUNK = 64 * 1024;

export interface LandedDisk {
  readonly format: FormatName;
  readonly size: number;
  readonly warnings: readonly string[];
}

export interface Wanted {
  /** The image and what else belongs to it. */
  readonly paths: readonly string[];
  /** A file that is not there yet. */
  readonly target: string;
  readonly member?: string;
}

/** Opens an image as the command does and lands it on a sparse file, in this process. */
export async function landDisk({ paths, target: path, member }: Wanted): Promise<LandedDisk> {
  const [main = '', ...others] = paths;
  await using source = openSource({ kind: 'file', path: main });
  await using files = new AsyncDisposableStack();
  const companions = others.map((other) => files.use(openSource({ kind: 'file', path: other })));
  await using opened = await openImage(source, { companions, member });
  await using target = await openTarget({ kind: 'path', path }, { create: opened.virtualSize ?? TiB });
  await using workshop = new Workshop();
  await opened.precheck?.();
  const landed = await transfer(opened.origin, target, {
    checkpoint: noCheckpoint({ startedZeroed: true }),
    meter: new Meter(),
    verify: 'none',
    width: 2,
    workshop,
  });
  return {
    format: landed.facts.format,
    size: landed.virtualSize,
    warnings: [...opened.warnings, ...landed.facts.warnings],
  };
}

/**
 * The corpus's digest of a disk: SHA-256 over, for each 64 KiB that hold a byte other than zero, u64le(offset) and the
 * bytes; then u64le(size). What the file system knows as a hole is not read.
 */
export async function sparseDigest(path: string, size: number): Promise<string> {
  const source = openSource({ kind: 'file', path });
  await using bytes = await openBytes(source, await source.identify());
  const hash = createHash('sha256');
  for (const offset of await chunksWithData(bytes, size)) {
    const chunk = await readBytes(bytes, { offset, length: Math.min(CHUNK, size - offset) });
    if (!isZero(chunk)) hash.update(u64(offset)).update(chunk);
  }
  return hash.update(u64(size)).digest('hex');
}

async function chunksWithData(bytes: Awaited<ReturnType<typeof openBytes>>, size: number): Promise<Iterable<number>> {
  if (!bytes.runs) throw new Error(`${basename(import.meta.url)}: the file system does not know its holes`);
  const offsets = new Set<number>();
  for await (const run of bytes.runs({ offset: 0, length: size })) {
    if (run.kind !== 'data') continue;
    const first = Math.floor(run.offset / CHUNK) * CHUNK;
    for (let offset = first; offset < run.offset + run.length; offset += CHUNK) offsets.add(offset);
  }
  return offsets;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}
