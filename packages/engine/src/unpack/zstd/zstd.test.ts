import { constants, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MiB } from '../../base/align.ts';
import { collect, MemoryBytes, streamOf } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { openerOf } from '../../../testing/mark-conformance.ts';
import { hasTool } from '../../../testing/tools.ts';
import { compressionConformance, packWith, refusalOf } from '../../../testing/unpack-conformance.ts';
import { firstFrameSize, zstdContentSize } from './content-size.ts';
import { zstd } from './zstd.ts';

const params = { [constants.ZSTD_c_checksumFlag]: 1 };
const pack = async (content: Uint8Array) => new Uint8Array(zstdCompressSync(content, { params }));
const decoded = (packed: Uint8Array) => collect(zstd.decode(streamOf(new Uint8Array(packed), [97])));

const skippable = (length: number, told = length) => {
  const frame = Buffer.alloc(8 + length, 0xaa);
  frame.writeUInt32LE(0x184d2a53, 0);
  frame.writeUInt32LE(told, 4);
  return frame;
};
/** A frame with this descriptor and window byte, and an empty last block. */
const frame = (...head: number[]) => Buffer.from([0x28, 0xb5, 0x2f, 0xfd, ...head, 1, 0, 0]);

compressionConformance('zstd', zstd, pack);

describe('zstd', () => {
  const content = seededBytes(1, 5000);

  it('passes over skippable frames before, between and behind', async () => {
    const packed = Buffer.concat([
      skippable(5),
      await pack(content),
      skippable(0),
      await pack(content),
      skippable(70_000),
    ]);
    expect(Buffer.compare(await decoded(packed), Buffer.concat([content, content]))).toBe(0);
    expect(zstd.probe(packed)).toBe(true);
    expect(await zstdContentSize(new MemoryBytes(new Uint8Array(packed)))).toBe(10_000);
  });

  it('refuses a skippable frame that is cut, however long it says it is', async () => {
    for (const told of [6, 0xffffffff]) {
      expect(await refusalOf(() => decoded(Buffer.concat([skippable(5, told)])))).toBe('package-truncated');
    }
  });

  it('has no mark inside a frame, and one behind its last chunk and the skippable frames before it', async () => {
    const one = await pack(new Uint8Array(5 * MiB));
    const packed = Buffer.concat([skippable(12), one, skippable(3), one, skippable(9)]);
    const stream = zstd.decodeFrom!(openerOf(new Uint8Array(packed)), undefined);
    const places: unknown[] = [];
    let chunks = 0;
    for await (const _chunk of stream) {
      chunks++;
      const { packedOffset, contentOffset } = stream.mark() ?? {};
      if (packedOffset !== undefined) places.push([packedOffset, contentOffset]);
    }
    expect(chunks).toBeGreaterThan(4);
    expect(places).toEqual([
      [20 + one.length, 5 * MiB],
      [31 + 2 * one.length, 10 * MiB],
    ]);
  });

  it('accepts a frame without a checksum', async () => {
    expect(Buffer.compare(await decoded(zstdCompressSync(content)), content)).toBe(0);
  });

  it('accepts a window of 128 MiB and refuses a larger one before it decodes', async () => {
    expect((await decoded(frame(0, 17 << 3))).length).toBe(0);
    expect(await refusalOf(() => decoded(frame(0, (17 << 3) | 1)))).toBe('package-limit');
    expect(await refusalOf(() => decoded(frame(0, 31 << 3)))).toBe('package-limit');
  });

  it('refuses a single segment that is larger than the window may be', async () => {
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(129 * MiB));
    expect(await refusalOf(() => decoded(frame(0xe0, ...size)))).toBe('package-limit');
  });

  it('refuses dictionaries, the reserved bit and reserved blocks', async () => {
    expect(await refusalOf(() => decoded(frame(1, 0, 7)))).toBe('package-unsupported');
    expect(await refusalOf(() => decoded(frame(8, 0)))).toBe('package-damaged');
    expect(await refusalOf(() => decoded(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 7, 0, 0])))).toBe(
      'package-damaged',
    );
  });

  it('tells the size of the content where every frame does', async () => {
    const one = await pack(content);
    expect(await firstFrameSize(new MemoryBytes(one))).toBe(5000);
    expect(await zstdContentSize(new MemoryBytes(one.subarray(0, -1)))).toBeUndefined();
    expect(await zstdContentSize(new MemoryBytes(new Uint8Array(frame(0, 0))))).toBeUndefined();
    expect(await zstdContentSize(new MemoryBytes(new Uint8Array(10)))).toBeUndefined();
  });
});

describe.skipIf(!hasTool('zstd'))('zstd of the zstd command [needs zstd]', () => {
  it('reads what every kind of level, --long and --no-check gives', async () => {
    const content = Buffer.concat([seededBytes(3, 100_000), Buffer.alloc(300_000, 'disk'), seededBytes(3, 100_000)]);
    for (const args of [['-1'], ['-19'], ['--long=27', '-19'], ['--no-check'], ['--fast=5'], ['-B100KB', '-T2']]) {
      const packed = await packWith('zstd', ['-c', '-q', ...args])(content);
      expect(Buffer.compare(await collect(zstd.decode(streamOf(packed))), content), args.join(' ')).toBe(0);
    }
  });

  it('refuses --long=28', async () => {
    const packed = await packWith('zstd', ['-c', '-q', '--long=28'])(new Uint8Array(1000));
    expect(await refusalOf(() => decoded(packed))).toBe('package-limit');
  });
});

describe.skipIf(!hasTool('pzstd'))('zstd of pzstd [needs pzstd]', () => {
  it('has a mark at the end of each frame', async () => {
    const content = Buffer.concat(Array.from({ length: 12 }, (_, turn) => seededBytes(turn, 1 * MiB)));
    const stream = zstd.decodeFrom!(
      openerOf(await packWith('pzstd', ['-c', '-q', '-1', '-p', '2'])(content)),
      undefined,
    );
    let marks = 0;
    for await (const _chunk of stream) marks += stream.mark() ? 1 : 0;
    expect(marks).toBeGreaterThan(3);
  });
});
