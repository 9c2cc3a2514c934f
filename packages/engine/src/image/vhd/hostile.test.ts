import { describe, expect, it } from 'vitest';
import { expectRefused, readAll } from '../../../testing/refused.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { dynamicVhd, fixedVhd, setGeometry, vhdFooter, type VhdParts } from '../../../testing/vhd-image.ts';
import type { ErrorCode } from '../../base/errors.ts';
import { vhd, vhdWith } from './vhd.ts';

const KiB = 1024;
const BLOCK = 4 * KiB;
const content = seededBytes(5, 3 * BLOCK);
const good: VhdParts = {
  size: 4 * BLOCK,
  blockSize: BLOCK,
  blocks: [content.subarray(0, BLOCK), undefined, content.subarray(BLOCK, 2 * BLOCK), content.subarray(2 * BLOCK)],
};
const disk = Buffer.concat([content.subarray(0, BLOCK), Buffer.alloc(BLOCK), content.subarray(BLOCK)]);
const TABLE_AT = 1536;

const edit = (change: (file: Buffer) => void): Partial<VhdParts> => ({
  file: (file) => {
    change(file);
    return file;
  },
});
const cut = (bytes: number): Partial<VhdParts> => ({ file: (file) => file.subarray(0, file.length - bytes) });

describe('a dynamic VHD', () => {
  it('is read where it is sound', async () => {
    const { image, disk: found } = await readAll(vhd, dynamicVhd(good));
    expect(Buffer.compare(found, disk)).toBe(0);
    expect(image.facts).toMatchObject({ subformat: 'dynamic', clusterSize: BLOCK, warnings: [] });
  });

  const refused: [what: string, code: ErrorCode, change: Partial<VhdParts>][] = [
    ['of type 4 (differencing)', 'image-parent', { footer: (f) => f.writeUInt32BE(4, 60) }],
    ['of type 5', 'image-unsupported', { footer: (f) => f.writeUInt32BE(5, 60) }],
    ['of type 7', 'image-unsupported', { footer: (f) => f.writeUInt32BE(7, 60) }],
    ['of version 2', 'image-unsupported', { footer: (f) => f.writeUInt32BE(0x20000, 12) }],
    ['of no bytes', 'image-damaged', { footer: (f) => f.writeBigUInt64BE(0n, 48) }],
    ['of no whole sectors', 'image-damaged', { footer: (f) => f.writeBigUInt64BE(1000n, 48) }],
    ['of 2^63 bytes', 'image-damaged', { footer: (f) => f.writeBigUInt64BE(1n << 63n, 48) }],
    ['of more than 2040 GiB', 'image-limit', { footer: (f) => f.writeBigUInt64BE((2040n << 30n) + 512n, 48) }],
    ['whose footers are both damaged', 'image-checksum', edit((f) => (f[100]!++, f[f.length - 400]!++))],
    [
      'whose footers differ in the size',
      'image-damaged',
      edit((f) => vhdFooter({ ...good, size: 3 * BLOCK }, 3).copy(f, f.length - 512)),
    ],
    ['whose header lies in its footer', 'image-damaged', { footer: (f) => f.writeBigUInt64BE(0n, 16) }],
    ['whose header lies behind the end', 'image-truncated', { footer: (f) => f.writeBigUInt64BE(1n << 40n, 16) }],
    ['whose header lies at 2^63', 'image-damaged', { footer: (f) => f.writeBigUInt64BE(1n << 63n, 16) }],
    ['without a header mark', 'image-damaged', { header: (h) => h.write('cxspurse') }],
    ['with a damaged header', 'image-checksum', edit((f) => f[1400]!++)],
    ['with a header of version 2', 'image-unsupported', { header: (h) => h.writeUInt32BE(0x20000, 24) }],
    ['with 2^30 + 1 table entries', 'image-limit', { header: (h) => h.writeUInt32BE(0x40000001, 28) }],
    ['with a table too short for the disk', 'image-damaged', { header: (h) => h.writeUInt32BE(3, 28) }],
    ['with a block size of 0', 'image-damaged', { header: (h) => h.writeUInt32BE(0, 32) }],
    ['with a block size of 6144', 'image-damaged', { header: (h) => h.writeUInt32BE(6144, 32) }],
    ['with a block size of 2 GiB', 'image-damaged', { header: (h) => h.writeUInt32BE(2 ** 31, 32) }],
    ['whose table lies over the header', 'image-damaged', { header: (h) => h.writeBigUInt64BE(512n, 16) }],
    ['whose table lies behind the end', 'image-truncated', { header: (h) => h.writeBigUInt64BE(1n << 50n, 16) }],
    ['whose table is not at a word', 'image-damaged', { header: (h) => h.writeBigUInt64BE(1537n, 16) }],
    ['with a block over the footer', 'image-damaged', { table: (t) => t.writeUInt32BE(0, 0) }],
    ['with a block over its table', 'image-damaged', { table: (t) => t.writeUInt32BE(3, 0) }],
    ['with a block behind the end', 'image-truncated', { table: (t) => t.writeUInt32BE(0xfffffffe, 0) }],
    ['with two blocks in one place', 'image-damaged', { table: (t) => t.copyWithin(0, 8, 12) }],
    ['with two blocks over each other', 'image-damaged', { table: (t) => t.writeUInt32BE(t.readUInt32BE(8) + 1, 0) }],
    ['cut in its last block', 'image-truncated', cut(1024)],
    ['cut in its table', 'image-truncated', { file: (f) => f.subarray(0, TABLE_AT + 8) }],
    ['cut in its header', 'image-truncated', { file: (f) => f.subarray(0, 1000) }],
    ['cut to its first footer', 'image-truncated', { file: (f) => f.subarray(0, 512) }],
  ];
  it.each(refused)('%s is refused: %s', async (_what, code, change) => {
    await expectRefused(vhd, dynamicVhd({ ...good, ...change }), code);
  });

  const accepted: [what: string, change: Partial<VhdParts>, warning: RegExp][] = [
    ['without the footer at its end', cut(512), /footer at the end of the VHD is missing/],
    ['with a damaged footer at its end', edit((f) => f[f.length - 300]!++), /footer at the end of the VHD is damaged/],
    ['with a damaged copy in front', edit((f) => f[200]!++), /copy of the footer in front of the VHD is damaged/],
    ['without the copy in front', edit((f) => f.fill(0, 0, 512)), /copy of the footer in front of the VHD is missing/],
    ['of a suspended machine', { footer: (f) => (f[84] = 1) }, /suspended/],
  ];
  it.each(accepted)('%s is read, with a warning', async (_what, change, warning) => {
    const { image, disk: found } = await readAll(vhd, dynamicVhd({ ...good, ...change }));
    expect(Buffer.compare(found, disk)).toBe(0);
    expect(image.facts.warnings.join()).toMatch(warning);
  });

  it('gives the stored bytes of sectors whose bit is clear', async () => {
    const cleared = edit((file) => file.fill(0, TABLE_AT + 512, TABLE_AT + 1024));
    const { disk: found } = await readAll(vhd, dynamicVhd({ ...good, ...cleared }));
    expect(Buffer.compare(found, disk)).toBe(0);
  });
});

const geometry = (c: number, h: number, s: number) => (footer: Buffer) => setGeometry(footer, [c, h, s]);

describe('the size of a VHD', () => {
  const bytes = 4 * BLOCK;

  it('is the current size by default, and the other one is told where qemu-img takes it', async () => {
    const file = dynamicVhd({ ...good, creator: 'vbox', footer: geometry(1, 2, 15) });
    const { image } = await readAll(vhd, file);
    expect(image.size).toBe(bytes);
    expect(image.facts.warnings).toEqual([
      `the VHD was made by 'vbox': its footer says ${bytes} bytes and its geometry 15360; ${bytes} is taken, qemu-img takes 15360`,
    ]);
  });

  it('is the geometry where that is asked for', async () => {
    const file = dynamicVhd({ ...good, creator: 'vbox', footer: geometry(1, 2, 15) });
    const { image, disk: found } = await readAll(vhdWith({ size: 'geometry' }), file);
    expect(image.size).toBe(15360);
    expect(image.facts.warnings).toEqual([]);
    expect(Buffer.compare(found, disk.subarray(0, 15360))).toBe(0);
  });

  it.each(['win ', 'qem2', 'd2v ', 'CTXS', 'tap'])('is beyond doubt for creator %j', async (creator) => {
    const { image } = await readAll(vhd, dynamicVhd({ ...good, creator, footer: geometry(1, 1, 1) }));
    expect(image.facts.warnings).toEqual([]);
  });

  it('is the current size where the geometry is the largest there is, or none', async () => {
    const largest = dynamicVhd({ ...good, creator: 'vpc ', footer: geometry(65535, 16, 255) });
    expect((await readAll(vhdWith({ size: 'geometry' }), largest)).image.size).toBe(bytes);
    const none = dynamicVhd({ ...good, creator: 'vpc ', footer: geometry(0, 0, 0) });
    expect((await readAll(vhd, none)).image.size).toBe(bytes);
    await expectRefused(vhdWith({ size: 'geometry' }), none, 'image-damaged');
  });

  it('is never taken from a geometry that the table does not cover', async () => {
    const file = dynamicVhd({ ...good, creator: 'vpc ', footer: geometry(100, 4, 17) });
    await expectRefused(vhdWith({ size: 'geometry' }), file, 'image-damaged');
  });

  it('keeps what a creator says out of the way of terminals', async () => {
    const file = dynamicVhd({ ...good, creator: '\x1b[2J', footer: geometry(1, 1, 17) });
    expect((await readAll(vhd, file)).image.facts.warnings.join()).toContain("made by '[2J'");
  });
});

describe('a fixed VHD', () => {
  const refused: [what: string, code: ErrorCode, file: Buffer][] = [
    [
      'shorter than its footer says',
      'image-truncated',
      Buffer.concat([disk.subarray(512), fixedVhd(disk).subarray(-512)]),
    ],
    [
      'with a damaged footer',
      'image-checksum',
      fixedVhd(
        disk,
        edit((f) => f[f.length - 1]!++),
      ),
    ],
    ['of no bytes', 'image-damaged', fixedVhd(disk, { footer: (f) => f.writeBigUInt64BE(0n, 48) })],
    ['that begins with a footer too', 'image-damaged', fixedVhd(Buffer.concat([vhdFooter(good, 3), disk]))],
    ['that begins with a dynamic VHD', 'image-damaged', fixedVhd(dynamicVhd(good))],
    ['whose footer is in front only', 'image-damaged', Buffer.concat([vhdFooter(good, 2), disk])],
    ['that is no VHD', 'image-not-recognised', disk],
    ['of a few bytes', 'image-not-recognised', Buffer.from('conectix')],
  ];
  it.each(refused)('%s is refused: %s', async (_what, code, file) => {
    await expectRefused(vhd, file, code);
  });

  it('has no footer in its disk', async () => {
    const { image, disk: found } = await readAll(vhd, fixedVhd(disk));
    expect(Buffer.compare(found, disk)).toBe(0);
    expect(image.facts).toMatchObject({ subformat: 'fixed', warnings: [] });
  });

  it('with a footer of 511 bytes is read', async () => {
    const { disk: found } = await readAll(vhd, fixedVhd(disk, cut(1)));
    expect(Buffer.compare(found, disk)).toBe(0);
  });

  it('that is longer than its footer says is read up to there, with a warning', async () => {
    const file = fixedVhd(disk, { footer: (f) => f.writeBigUInt64BE(BigInt(BLOCK), 48) });
    const { image, disk: found } = await readAll(vhd, file);
    expect(Buffer.compare(found, disk.subarray(0, BLOCK))).toBe(0);
    expect(image.facts.warnings.join()).toMatch(/12288 bytes between the end of the disk/);
  });
});
