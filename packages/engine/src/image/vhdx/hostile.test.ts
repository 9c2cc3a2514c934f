import { describe, expect, it } from 'vitest';
import { expectRefused, readAll } from '../../../testing/refused.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import {
  BLOCKS_AT,
  LOG_AT,
  METADATA_AT,
  MiB,
  TABLE_AT,
  vhdxImage,
  type VhdxParts,
} from '../../../testing/vhdx-image.ts';
import type { ErrorCode } from '../../base/errors.ts';
import { vhdx } from './vhdx.ts';

const content = seededBytes(5, 2 * MiB);
const good: VhdxParts = { size: 4 * MiB, blocks: [content.subarray(0, MiB), 0, content.subarray(MiB), 2] };
const both = (change: (header: Buffer) => void) => ({ header: change });
const regions = (change: (table: Buffer) => void): Partial<VhdxParts> => ({ regions: change });
/** A word of the metadata region, and one of its first item (block size and flags), second (disk size), fourth (sector). */
const metadata = (at: number, value: number): Partial<VhdxParts> => ({
  metadata: (region) => void region.writeUInt32LE(value, at),
});
const item = (index: number, value: number, at = 0) => metadata(65536 + index * 64 + at, value);
const entry = (block: number, value: bigint): Partial<VhdxParts> => ({
  table: (table) => void table.writeBigUInt64LE(value, block * 8),
});

describe('a VHDX', () => {
  it('is read where it is sound', async () => {
    const { image, disk } = await readAll(vhdx, vhdxImage(good));
    const zeros = Buffer.alloc(MiB);
    expect(Buffer.compare(disk, Buffer.concat([content.subarray(0, MiB), zeros, content.subarray(MiB), zeros]))).toBe(
      0,
    );
    expect(image.facts).toMatchObject({ subformat: 'dynamic', clusterSize: MiB, warnings: [] });
    const kinds: string[] = [];
    for await (const extent of image.extents({ offset: 0, length: image.size })) kinds.push(extent.kind);
    expect(kinds).toEqual(['data', 'hole', 'data', 'zero']);
  });

  it('with sectors of 4096 bytes is read, with a warning', async () => {
    const { image } = await readAll(vhdx, vhdxImage({ ...good, sectorSize: 4096 }));
    expect(image.facts.warnings.join()).toMatch(/sectors of 4096 bytes/);
  });

  it('takes the header with the larger number, and the other one where that is damaged', async () => {
    const headers: Partial<VhdxParts> = { header: (header, copy) => void (copy === 0 && header.writeUInt16LE(9, 66)) };
    await readAll(vhdx, vhdxImage({ ...good, ...headers }));
    const file = vhdxImage({ ...good, ...headers });
    file[128 * 1024 + 200]!++;
    await expectRefused(vhdx, file, 'image-unsupported');
  });

  it('takes the second region table where the first is damaged', async () => {
    const file = vhdxImage(good);
    file[192 * 1024 + 9000]!++;
    await readAll(vhdx, file);
    file[256 * 1024 + 9000]!++;
    await expectRefused(vhdx, file, 'image-checksum');
  });

  const refused: [what: string, code: ErrorCode, change: Partial<VhdxParts>][] = [
    ['of version 2', 'image-unsupported', both((h) => h.writeUInt16LE(2, 66))],
    ['with log version 1', 'image-unsupported', both((h) => h.writeUInt16LE(1, 64))],
    [
      'whose headers have one number and differ',
      'image-damaged',
      { header: (h, copy) => (h.writeUInt32LE(3, 8), h.writeUInt8(copy, 99)) },
    ],
    ['whose log lies in the headers', 'image-damaged', both((h) => h.writeBigUInt64LE(0n, 72))],
    ['whose log is no whole MiB', 'image-damaged', both((h) => h.writeUInt32LE(4096, 68))],
    ['whose log lies over its table', 'image-damaged', both((h) => h.writeBigUInt64LE(BigInt(TABLE_AT), 72))],
    ['whose log lies at 2^64 - 1', 'image-damaged', both((h) => h.fill(0xff, 72, 80))],
    ['with 2048 regions', 'image-limit', regions((t) => t.writeUInt32LE(2048, 8))],
    ['with no regions', 'image-damaged', regions((t) => t.writeUInt32LE(0, 8))],
    ['with 2 block tables', 'image-damaged', regions((t) => t.copyWithin(48, 16, 32))],
    ['that requires an unknown region', 'image-unsupported', regions((t) => t.fill(7, 16, 32))],
    ['whose regions overlap', 'image-damaged', regions((t) => t.writeUInt32LE(2 * MiB, 16 + 24))],
    ['whose region lies in the headers', 'image-damaged', regions((t) => t.writeBigUInt64LE(0n, 16 + 16))],
    ['whose region is empty', 'image-damaged', regions((t) => t.writeUInt32LE(0, 16 + 24))],
    ['whose region lies behind the end', 'image-truncated', regions((t) => t.writeBigUInt64LE(1n << 40n, 16 + 16))],
    ['whose region lies at 2^63', 'image-damaged', regions((t) => t.writeBigUInt64LE(1n << 63n, 16 + 16))],
    ['without a metadata mark', 'image-damaged', metadata(0, 0)],
    ['with 2048 metadata items', 'image-limit', metadata(8, 2048 << 16)],
    ['with a metadata item twice', 'image-damaged', { metadata: (r) => void r.copyWithin(64, 32, 48) }],
    ['that requires unknown metadata', 'image-unsupported', { metadata: (r) => void r.fill(7, 32, 48) }],
    ['without file parameters', 'image-damaged', { metadata: (r) => (r.fill(7, 32, 48), r.writeUInt32LE(0, 56)) }],
    ['with an item in the metadata table', 'image-damaged', metadata(32 + 16, 32)],
    ['with an item behind its region', 'image-damaged', metadata(32 + 16, MiB - 4)],
    ['with an item of 4 GiB', 'image-damaged', metadata(32 + 20, 0xffffffff)],
    ['with an item too short', 'image-damaged', metadata(32 + 20, 4)],
    ['with a parent', 'image-parent', item(0, 2, 4)],
    ['with a block size of 0', 'image-damaged', item(0, 0)],
    ['with a block size of 3 MiB', 'image-damaged', item(0, 3 * MiB)],
    ['with a block size of 512 MiB', 'image-damaged', item(0, 512 * MiB)],
    ['of no bytes', 'image-damaged', item(1, 0)],
    ['of no whole sectors', 'image-damaged', item(1, 4 * MiB - 1)],
    ['of more than 64 TiB', 'image-limit', item(1, 16385, 4)],
    ['of 2^63 bytes', 'image-damaged', item(1, 2 ** 31, 4)],
    ['with a table too short for the disk', 'image-damaged', item(1, 64, 4)],
    ['with sectors of 1024 bytes', 'image-damaged', item(3, 1024)],
    ['with a block that is partly present', 'image-damaged', entry(0, BigInt(BLOCKS_AT) | 7n)],
    ['with a block in reserved state 4', 'image-damaged', entry(0, 4n)],
    ['with reserved bits in an entry', 'image-damaged', entry(0, BigInt(BLOCKS_AT) | 0x806n)],
    ['with a block over the headers', 'image-damaged', entry(0, 6n)],
    ['with a block over the log', 'image-damaged', entry(0, BigInt(LOG_AT) | 6n)],
    ['with a block over its table', 'image-damaged', entry(0, BigInt(TABLE_AT) | 6n)],
    ['with a block over its metadata', 'image-damaged', entry(0, BigInt(METADATA_AT) | 6n)],
    ['with two blocks in one place', 'image-damaged', entry(2, BigInt(BLOCKS_AT) | 6n)],
    ['with a block behind the end', 'image-truncated', entry(0, BigInt(100 * MiB) | 6n)],
    ['with a block at 2^64 - 1 MiB', 'image-truncated', entry(0, 0xfffffffffff00006n)],
  ];
  it.each(refused)('%s is refused: %s', async (_what, code, change) => {
    await expectRefused(vhdx, vhdxImage({ ...good, ...change }), code);
  });

  it.each([
    ['in its last block', 'image-truncated', -4096],
    ['in its metadata', 'image-truncated', METADATA_AT + 100],
    ['in its headers', 'image-truncated', 100_000],
    ['before its mark', 'image-not-recognised', 5],
  ] as const)('cut %s is refused: %s', async (_where, code, end) => {
    await expectRefused(vhdx, vhdxImage(good).subarray(0, end), code);
  });

  it('whose headers are both damaged is refused', async () => {
    const file = vhdxImage(good);
    file[64 * 1024 + 100]!++;
    file[128 * 1024 + 100]!++;
    await expectRefused(vhdx, file, 'image-checksum');
  });
});
