import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { expectSame } from '../../../testing/image-conformance.ts';
import { MemoryBytes, streamOf } from '../../../testing/memory-bytes.ts';
import { expectRefused, readAll } from '../../../testing/refused.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import {
  BLOCKS_AT,
  LOG_AT,
  LOG_GUID,
  MiB,
  TABLE_AT,
  vhdxImage,
  vhdxLogEntry,
  type LogEntryParts,
} from '../../../testing/vhdx-image.ts';
import { readBytes } from '../../base/bytes.ts';
import { SpillFile } from '../spill-file.ts';
import { Overlay } from './overlay.ts';
import { vhdx } from './vhdx.ts';

const PAGE = 4096;
const a = Buffer.from(seededBytes(1, MiB));
const b = Buffer.from(seededBytes(2, MiB));
const table = (...entries: bigint[]): Buffer => {
  const page = Buffer.alloc(PAGE);
  for (const [index, entry] of entries.entries()) page.writeBigUInt64LE(entry, index * 8);
  return page;
};
const A = BigInt(BLOCKS_AT) | 6n;
const B = BigInt(BLOCKS_AT + MiB) | 6n;
const toTable = (...entries: bigint[]) => ({ offset: TABLE_AT, content: table(...entries) });

/** A disk of two blocks whose table in the file says "nothing stored"; both blocks lie in the file all the same. */
const image = (log: readonly Buffer[]): Buffer =>
  vhdxImage({ size: 2 * MiB, blocks: [a, b], log, table: (page) => void page.fill(0, 0, 16) });
const entry = (parts: Partial<LogEntryParts>): Buffer => vhdxLogEntry({ sequence: 1, tail: 0, changes: [], ...parts });
const [zeros, both, swapped] = [Buffer.alloc(2 * MiB), Buffer.concat([a, b]), Buffer.concat([b, a])] as const;

async function expectDisk(log: readonly Buffer[], disk: Buffer): Promise<void> {
  const file = image(log);
  const found = await readAll(vhdx, file);
  expectSame(found.disk, disk, 0);
  expect(found.image.facts.warnings.join()).toMatch(/entries of its log are replayed/);
  await using spill = new SpillFile(0);
  const scan = await vhdx.scan?.(streamOf(file, [65536]), { fileSize: undefined, spill });
  const passed = Buffer.alloc(disk.length);
  for await (const piece of scan?.pieces() ?? []) passed.set(piece.bytes, piece.offset);
  expectSame(passed, disk, 0);
}

describe('the log of a VHDX', () => {
  it('is replayed over the block table', () => expectDisk([entry({ changes: [toTable(A, B)] })], both));

  it('is replayed in its order, from the tail that its newest entry names', async () => {
    const first = entry({ sequence: 1, changes: [toTable(A, B)] });
    const tail = first.length;
    const second = entry({ sequence: 2, tail, changes: [{ offset: TABLE_AT, zeros: PAGE }] });
    await expectDisk([first, second], zeros);
    const third = entry({ sequence: 3, tail, changes: [toTable(B, A)] });
    await expectDisk([first, second, third], swapped);
  });

  it('restores the bytes that gave way to the sequence number', async () => {
    const page = Buffer.from(seededBytes(9, PAGE));
    const changes = [toTable(A, B), { offset: BLOCKS_AT + 2 * PAGE, content: page }];
    const { disk } = await readAll(vhdx, image([entry({ changes })]));
    expectSame(disk.subarray(2 * PAGE, 3 * PAGE), page, 0);
  });

  it('gives the newest of several sequences', async () => {
    const old = entry({ sequence: 5, changes: [toTable(A, B)] });
    const other = entry({ sequence: 90, tail: old.length + PAGE, changes: [toTable(B, A)] });
    await expectDisk([old, Buffer.alloc(PAGE), other], swapped);
  });

  it('may go round its end', async () => {
    const changes = [toTable(A, B), toTable(B, A)];
    const turning = entry({ sequence: 4, tail: MiB - PAGE, changes });
    const log = Buffer.alloc(MiB);
    turning.copy(log, MiB - PAGE, 0, PAGE);
    turning.copy(log, 0, PAGE);
    await expectDisk([log], swapped);
  });

  it('ends at the first entry that is damaged, of another log, or out of sequence', async () => {
    const first = entry({ sequence: 1, changes: [toTable(A, B)] });
    const change = (alter: (e: Buffer) => void) =>
      entry({ sequence: 2, tail: 0, changes: [toTable(B, A)], change: alter });
    const damaged = change(() => {});
    damaged[5000]!++;
    for (const next of [
      damaged,
      change((e) => e.fill(1, 32, 48)),
      change((e) => e.writeUInt8(9, 4096)),
      change((e) => e.writeUInt32LE(9, 4096 + 4)),
      change((e) => e.writeUInt32LE(9, 8192 - 4)),
      change((e) => e.writeBigUInt64LE(7n, 64 + 24)),
      change((e) => e.write('what', 64)),
      change((e) => e.writeBigUInt64LE(BigInt(TABLE_AT + 512), 64 + 16)),
      change((e) => e.writeUInt32LE(500, 24)),
    ]) {
      await expectDisk([first, next], both);
    }
  });

  it('makes the file as long as it says', async () => {
    const behind = BigInt(BLOCKS_AT + 7 * MiB) | 6n;
    const last = BLOCKS_AT + 8 * MiB;
    const { disk } = await readAll(vhdx, image([entry({ last, changes: [toTable(behind, A)] })]));
    expectSame(disk, Buffer.concat([Buffer.alloc(MiB), a]), 0);
  });

  it('that changes data needs more than one pass', async () => {
    const changes = [toTable(A, B), { offset: BLOCKS_AT, content: Buffer.alloc(PAGE, 1) }];
    await using spill = new SpillFile(0);
    const scan = vhdx.scan?.(streamOf(image([entry({ changes })])), { fileSize: undefined, spill });
    await expect(scan).rejects.toMatchObject({ code: 'image-second-pass' });
  });

  it.each([
    ['that is empty', []],
    ['whose only entry is damaged', [entry({ change: (e) => e.fill(0, 0, 4) })]],
    ['whose tail is outside the sequence', [entry({ tail: 64 * PAGE })]],
    ['whose tail is outside the log', [entry({ tail: 2 * MiB })]],
    ['whose entry is longer than the log', [entry({ change: (e) => e.writeUInt32LE(2 * MiB, 8) })]],
    ['whose entry has 2^32 - 1 descriptors', [entry({ change: (e) => e.writeUInt32LE(0xffffffff, 24) })]],
    ['whose entry has number 0', [entry({ sequence: 0 })]],
  ])('%s cannot be replayed', async (_what, log) => {
    await expectRefused(vhdx, image(log), 'image-dirty-log');
  });

  it('tells of a file that has lost its end', async () => {
    await expectRefused(vhdx, image([entry({ flushed: 100 * MiB })]), 'image-truncated');
    const log = [entry({ changes: [toTable(A, B)] })];
    const behind = vhdxImage({ size: MiB, blocks: [a], log, header: (h) => h.writeBigUInt64LE(BigInt(64 * MiB), 72) });
    await expectRefused(vhdx, behind, 'image-truncated');
  });

  it('of more than 64 MiB is not replayed', async () => {
    const file = vhdxImage({ size: MiB, blocks: [a], log: [], header: (h) => h.writeUInt32LE(65 * MiB, 68) });
    await expectRefused(vhdx, file, 'image-dirty-log');
  });

  it('costs no more where its entries lie over each other', async () => {
    const log = Buffer.alloc(MiB);
    for (let at = 0; at < MiB; at += PAGE) {
      log.write('loge', at);
      log.writeUInt32LE(MiB, at + 8);
      log.writeUInt32LE(1, at + 16);
      LOG_GUID.copy(log, at + 32);
    }
    await expectRefused(vhdx, image([log]), 'image-dirty-log');
  });

  it('with a change at the end of the world is not replayed', async () => {
    for (const changes of [[{ offset: 2 ** 53 - PAGE, zeros: 2 * PAGE }], [{ offset: PAGE, zeros: PAGE - 1 }]]) {
      await expectRefused(vhdx, image([entry({ changes })]), 'image-dirty-log');
    }
    expect(LOG_AT).toBe(MiB);
  });
});

describe('Overlay', () => {
  it('reads like a file that was written', async () => {
    const place = fc.integer({ min: 0, max: 12 });
    const change = fc.record({
      place,
      zeros: fc.option(fc.integer({ min: 0, max: 5 })),
      fill: fc.integer({ min: 1, max: 255 }),
    });
    const read = fc.record({
      offset: fc.integer({ min: 0, max: 70_000 }),
      length: fc.integer({ min: 1, max: 20_000 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { maxLength: 12 }),
        fc.array(read, { minLength: 1, maxLength: 6 }),
        async (changes, reads) => {
          const file = seededBytes(3, 7 * PAGE + 100);
          const overlay = new Overlay(new MemoryBytes(file), 9 * PAGE);
          const written = Buffer.alloc(20 * PAGE);
          written.set(file);
          for (const { place, zeros, fill } of changes) {
            const offset = place * PAGE;
            const length = zeros === null ? PAGE : zeros * PAGE;
            const content = zeros === null ? Buffer.alloc(PAGE, fill) : undefined;
            expect(overlay.apply({ offset, length, content })).toBe(true);
            written.fill(content ? fill : 0, offset, offset + length);
          }
          for (const { offset, length } of reads) {
            const within = { offset, length: Math.min(length, overlay.size - offset) };
            if (within.length <= 0) continue;
            expectSame(await readBytes(overlay, within), written.subarray(offset, offset + within.length), offset);
            const differs = Buffer.compare(
              written.subarray(offset, offset + within.length),
              file.subarray(offset, offset + within.length),
            );
            if (differs !== 0) expect(overlay.changes(within)).toBe(true);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
