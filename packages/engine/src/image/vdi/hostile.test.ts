import { describe, expect, it } from 'vitest';
import { expectRefused, readAll } from '../../../testing/refused.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { vdiImage, type VdiParts } from '../../../testing/vdi-image.ts';
import type { ErrorCode } from '../../base/errors.ts';
import { vdi } from './vdi.ts';

const BLOCK = 4096;
const content = seededBytes(5, 2 * BLOCK);
const good: VdiParts = {
  size: 4 * BLOCK,
  blockSize: BLOCK,
  blocks: [content.subarray(0, BLOCK), 'free', content.subarray(BLOCK), 'zeroed'],
};
const word = (value: number, at: number) => ({ header: (header: Buffer) => void header.writeUInt32LE(value, at) });
const size = (value: bigint) => ({ header: (header: Buffer) => void header.writeBigUInt64LE(value, 368) });
const entry = (value: number, block: number) => ({ map: (map: Buffer) => void map.writeUInt32LE(value, block * 4) });

describe('a VDI', () => {
  it('is read where it is sound, free and zeroed blocks apart', async () => {
    const { image, disk } = await readAll(vdi, vdiImage(good));
    const zeros = Buffer.alloc(BLOCK);
    expect(
      Buffer.compare(disk, Buffer.concat([content.subarray(0, BLOCK), zeros, content.subarray(BLOCK), zeros])),
    ).toBe(0);
    const kinds: string[] = [];
    for await (const extent of image.extents({ offset: 0, length: image.size })) kinds.push(extent.kind);
    expect(kinds).toEqual(['data', 'hole', 'data', 'zero']);
  });

  const refused: [what: string, code: ErrorCode, change: Partial<VdiParts>][] = [
    ['of version 1.2', 'image-unsupported', word(0x10002, 68)],
    ['of version 0.1', 'image-unsupported', word(1, 68)],
    ['of type 3 (undo)', 'image-parent', word(3, 76)],
    ['of type 4 (differencing)', 'image-parent', word(4, 76)],
    ['of type 5', 'image-unsupported', word(5, 76)],
    ['that names a parent', 'image-parent', word(1, 440)],
    ['that names a link', 'image-parent', word(1, 436)],
    ['whose map lies in its header', 'image-damaged', word(0, 340)],
    ['whose map lies behind its data', 'image-damaged', word(1 << 20, 340)],
    ['whose map is not at a sector', 'image-damaged', word(513, 340)],
    ['whose data lies in its map', 'image-damaged', word(512, 344)],
    ['whose data is not at a sector', 'image-damaged', word(1025, 344)],
    ['with sectors of 4096 bytes', 'image-unsupported', word(4096, 360)],
    ['of no bytes', 'image-damaged', size(0n)],
    ['of 2^64 - 1 bytes', 'image-damaged', size(2n ** 64n - 1n)],
    ['of more than its blocks hold', 'image-damaged', size(BigInt(4 * BLOCK + 1))],
    ['with a block size of 0', 'image-damaged', word(0, 376)],
    ['with a block size of 6144', 'image-damaged', word(6144, 376)],
    ['with a block size of 2 GiB', 'image-damaged', word(2 ** 31, 376)],
    ['with extra bytes in each block', 'image-unsupported', word(512, 380)],
    ['with 2^32 - 1 blocks', 'image-limit', word(0xffffffff, 384)],
    ['with no blocks', 'image-damaged', word(0, 384)],
    ['with a map behind the end', 'image-damaged', word(2 ** 29, 384)],
    ['with a block behind the end', 'image-truncated', entry(2, 0)],
    ['with a block far behind the end', 'image-truncated', entry(0xfffffffd, 1)],
    ['with two blocks in one place', 'image-damaged', entry(0, 2)],
  ];
  it.each(refused)('%s is refused: %s', async (_what, code, change) => {
    await expectRefused(vdi, vdiImage({ ...good, ...change }), code);
  });

  it.each([
    ['in its last block', 'image-truncated', -1],
    ['in its map', 'image-truncated', 600],
    ['in its header', 'image-truncated', 500],
    ['before its mark', 'image-not-recognised', 60],
  ] as const)('cut %s is refused: %s', async (_where, code, end) => {
    await expectRefused(vdi, vdiImage(good).subarray(0, end), code);
  });

  it('whose size is no whole sector is rounded up', async () => {
    const { image } = await readAll(vdi, vdiImage({ ...good, ...size(BigInt(3 * BLOCK + 1)) }));
    expect(image.size).toBe(3 * BLOCK + 512);
  });
});
