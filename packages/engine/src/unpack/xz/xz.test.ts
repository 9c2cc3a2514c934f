import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { collect, MemoryBytes, streamOf } from '../../../testing/memory-bytes.ts';
import { markConformance, openerOf } from '../../../testing/mark-conformance.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { hasTool } from '../../../testing/tools.ts';
import { compressionConformance, packWith, refusalOf } from '../../../testing/unpack-conformance.ts';
import { MiB } from '../../base/align.ts';
import type { Mark } from '../package.ts';
import { sealedMark } from '../sealed-mark.ts';
import { parseBlockHeader } from './block-header.ts';
import { xzContentSize } from './content-size.ts';
import { xz } from './xz.ts';

const pack = packWith('xz', ['-c', '-q', '-1']);
const decoded = (packed: Uint8Array, sizes = [997]) => collect(xz.decode(streamOf(new Uint8Array(packed), sizes)));

/** A block header of these bytes behind the length, padded and with its CRC. */
function blockHeader(...body: number[]): Uint8Array {
  const length = Math.ceil((1 + body.length + 4) / 4) * 4;
  const header = Buffer.alloc(length);
  header[0] = length / 4 - 1;
  header.set(body, 1);
  header.writeUInt32LE(crc32(header.subarray(0, -4)), length - 4);
  return new Uint8Array(header);
}

/** Something like machine code: calls and jumps of every filtered architecture, at every alignment. */
function codeLike(): Uint8Array {
  const bytes = seededBytes(77, 200_000);
  const view = new DataView(bytes.buffer);
  const random = seededBytes(78, 400_000);
  for (let at = 0, turn = 0; at + 12 < bytes.length; at += 4 + ((random[turn] as number) & 15), turn += 2) {
    const choice = (random[turn + 1] as number) % 9;
    if (choice === 0) bytes.set([0xe8, 1, 2, 0, (random[turn] as number & 1) ? 0 : 0xff], at);
    if (choice === 1) bytes.set([0xe9, 0xe8, 0xe8, 0, 0, 0xff], at);
    if (choice === 2) view.setUint32(at & ~3, 0x48000001 | ((at * 77) & 0x03fffffc), false);
    if (choice === 3) view.setUint32(at & ~3, 0xeb000000 | (at & 0xffff), true);
    if (choice === 4) bytes.set([3, 0xf1, 7, 0xf9], at & ~1);
    if (choice === 5) view.setUint32(at & ~3, 0x40000000 | (at & 0x3fff), false);
    if (choice === 6) view.setUint32(at & ~3, 0x7fffffff - (at & 0xff), false);
    if (choice === 7) view.setUint32(at & ~3, 0x94000000 | (at & 0x3ffffff), true);
    if (choice === 8) view.setUint32(at & ~3, 0x90000000 | ((at & 0xff) << 5) | 3, true);
  }
  return bytes;
}

describe.skipIf(!hasTool('xz'))('xz [needs xz]', () => {
  compressionConformance('xz', xz, pack);

  const content = Buffer.concat([seededBytes(1, 30_000), Buffer.alloc(100_000, 'abcdef'), seededBytes(2, 30_000)]);

  it('verifies every kind of check', async () => {
    for (const check of ['none', 'crc32', 'crc64', 'sha256']) {
      const packed = await packWith('xz', ['-c', `--check=${check}`])(content);
      expect(Buffer.compare(await decoded(packed), content), check).toBe(0);
    }
  });

  it('reads every preset, several blocks, and unusual properties', async () => {
    const lzma2 = ['lc=0,lp=4,pb=0', 'lc=4,lp=0,pb=4', 'lc=1,lp=3,pb=2', 'dict=4KiB', 'mode=fast,nice=273'];
    for (const args of [['-0'], ['-9e'], ['--block-size=10000'], ...lzma2.map((how) => [`--lzma2=${how}`])]) {
      const packed = await packWith('xz', ['-c', ...args])(content);
      expect(Buffer.compare(await decoded(packed), content), args.join(' ')).toBe(0);
      expect(await xzContentSize(new MemoryBytes(packed)), args.join(' ')).toBe(content.length);
    }
  });

  describe('in blocks of several streams, with padding and filters', () => {
    markConformance(async () => {
      const flags = [
        ['--check=sha256'],
        ['--check=none', '--delta=dist=4', '--lzma2'],
        ['--check=crc32', '--x86', '--lzma2'],
      ];
      const streams = flags.map(([check = '', ...chain]) =>
        packWith('xz', ['-c', '-q', '--block-size=40000', check, ...chain])(content),
      );
      const parts = (await Promise.all(streams)).flatMap((stream) => [stream, new Uint8Array(64)]);
      const open = openerOf(new Uint8Array(Buffer.concat(parts)));
      return {
        content: Buffer.concat([content, content, content]),
        marks: 12,
        open: (from) => xz.decodeFrom!(open, from),
      };
    });
  });

  it('has one mark in a file of one block, at its end, and holds the index against what the mark tells', async () => {
    const packed = await pack(new Uint8Array(5 * MiB));
    const stream = xz.decodeFrom!(openerOf(packed), undefined);
    const marks: Mark[] = [];
    for await (const _chunk of stream) marks.push(...[stream.mark() ?? []].flat());
    expect(marks.map(({ contentOffset }) => contentOffset)).toEqual([5 * MiB]);
    const mark = marks[0] as Mark;
    for (const at of [1, 20]) {
      const own = mark.state.subarray(8);
      own[at]! ^= 2;
      const forged = sealedMark('Xz 1', mark, own);
      expect(await refusalOf(() => collect(xz.decodeFrom!(openerOf(packed), forged)))).toBe('package-damaged');
      own[at]! ^= 2;
    }
  });

  it('undoes delta and the branch filters, alone and in chains', async () => {
    const code = codeLike();
    const chains = [
      '--x86',
      '--powerpc',
      '--arm',
      '--armthumb',
      '--sparc',
      '--arm64',
      '--delta=dist=1',
      '--delta=dist=256',
    ];
    for (const chain of [
      ...chains.map((one) => [one]),
      ['--x86', '--delta=dist=3'],
      ['--x86=start=4096', '--arm64', '--delta=dist=4'],
    ]) {
      const packed = await packWith('xz', ['-c', ...chain, '--lzma2=preset=0,dict=64KiB'])(code);
      expect(Buffer.compare(await decoded(packed, [4099]), code), chain.join(' ')).toBe(0);
    }
  });

  it('refuses the IA-64 filter by name', async () => {
    const packed = await packWith('xz', ['-c', '--ia64', '--lzma2'])(content);
    await expect(decoded(packed)).rejects.toMatchObject({
      code: 'package-unsupported',
      message: expect.stringContaining('IA-64'),
    });
  });

  it('passes over stream padding in fours only', async () => {
    const one = await pack(content);
    const padded = (zeros: number) =>
      new Uint8Array(Buffer.concat([one, new Uint8Array(zeros), one, new Uint8Array(zeros)]));
    expect((await decoded(padded(8))).length).toBe(content.length * 2);
    expect(await xzContentSize(new MemoryBytes(padded(4096 * 3)))).toBe(content.length * 2);
    expect(await refusalOf(() => decoded(padded(6)))).toMatch(/^package-(damaged|truncated)$/);
    expect(await refusalOf(() => decoded(Buffer.concat([one, new Uint8Array(3)])))).toBe('package-damaged');
  });

  it('refuses a dictionary above 128 MiB before it decodes', async () => {
    expect(
      await refusalOf(async () => decoded(await packWith('xz', ['-c', '--lzma2=dict=256MiB'])(Uint8Array.of(1)))),
    ).toBe('package-limit');
    expect((await decoded(await packWith('xz', ['-c', '--lzma2=dict=128MiB'])(Uint8Array.of(1)))).length).toBe(1);
  });

  it('tells the content size of several streams and refuses an index that lies', async () => {
    const packed = Buffer.concat([await pack(content), await pack(new Uint8Array(0)), await pack(content)]);
    expect(await xzContentSize(new MemoryBytes(new Uint8Array(packed)))).toBe(content.length * 2);
    const damaged = new Uint8Array(packed);
    damaged[damaged.length - 14]! ^= 1;
    expect(await refusalOf(() => xzContentSize(new MemoryBytes(damaged)))).toBe('package-damaged');
    expect(await refusalOf(() => decoded(damaged))).toBe('package-damaged');
  });
});

const lzma2 = (bits: number) => [0x21, 1, bits];

describe('xz block headers', () => {
  it('tell the dictionary', () => {
    expect(parseBlockHeader(blockHeader(0, ...lzma2(0)), 0).dictionary).toBe(4096);
    expect(parseBlockHeader(blockHeader(0, ...lzma2(30)), 0).dictionary).toBe(128 * 1024 * 1024);
    expect(() => parseBlockHeader(blockHeader(0, ...lzma2(31)), 0)).toThrow(/201326592 bytes; 134217728/);
    expect(() => parseBlockHeader(blockHeader(0, ...lzma2(40)), 0)).toThrow(/4294967295/);
  });

  it('are refused with unknown filters, flags, properties or padding', () => {
    const refused = [
      [0, 0x7f, 0],
      [4, ...lzma2(0)],
      [0, ...lzma2(41)],
      [0, 0x21, 2, 0, 0],
      [0, ...lzma2(0), 1],
      [0, 3, 1, 0],
    ];
    for (const body of refused)
      expect(() => parseBlockHeader(blockHeader(...body), 7)).toThrow(
        expect.objectContaining({ code: 'package-unsupported' }),
      );
    const damaged = [
      [1, ...lzma2(0), ...lzma2(0)],
      [0, 0x21, 90, 0],
      [0x40, 0, ...lzma2(0)],
      [0x80, 0x80, 0, ...lzma2(0)],
    ];
    for (const body of damaged)
      expect(() => parseBlockHeader(blockHeader(...body), 7)).toThrow(
        expect.objectContaining({ code: 'package-damaged' }),
      );
  });
});
