import { describe, expect, it } from 'vitest';
import { counted } from '../../../testing/counted.ts';
import { MemoryBytes } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import { KiB, MiB } from '../../base/align.ts';
import { readBytes } from '../../base/bytes.ts';
import { GuestFault } from '../fault.ts';
import { Budget } from './budget.ts';
import { FrugalBytes } from './frugal-bytes.ts';

const content = seededBytes(5, 3 * MiB + 777);

function frugal(limits = { bytes: 64 * MiB, milliseconds: 60_000 }, disk = counted(new MemoryBytes(content))) {
  return { disk, bytes: new FrugalBytes(disk, new Budget(limits)) };
}

describe('FrugalBytes', () => {
  it('gives the bytes of the disk at odd offsets and lengths', async () => {
    const { bytes } = frugal();
    for (const [offset, length] of [
      [0, 1],
      [65_535, 2],
      [1, 600_000],
      [content.length - 5, 5],
      [131_000, 140_000],
    ] as const) {
      expect(await readBytes(bytes, { offset, length })).toEqual(content.subarray(offset, offset + length));
    }
  });

  it('asks once for what is read twice, and once for neighbours', async () => {
    const { bytes, disk } = frugal();
    await readBytes(bytes, { offset: 10, length: 100 });
    await readBytes(bytes, { offset: 60_000, length: 100 });
    expect(disk.reads).toBe(1);
    await readBytes(bytes, { offset: 60_000, length: 200 * KiB });
    expect(disk.reads).toBe(2);
    expect(bytes.budget.cost).toMatchObject({ requests: 2, bytes: 5 * 64 * KiB });
  });

  it('keeps the pages of tables while a long content passes by', async () => {
    const { bytes, disk } = frugal();
    await readBytes(bytes, { offset: 0, length: 100 });
    await readBytes(bytes, { offset: 0, length: 3 * MiB });
    await readBytes(bytes, { offset: 0, length: 100 });
    expect(disk.reads).toBe(2);
  });

  it('refuses before it reads what is over budget, and goes on giving what it has', async () => {
    const { bytes, disk } = frugal({ bytes: 64 * KiB, milliseconds: 60_000 });
    await readBytes(bytes, { offset: 0, length: 100 });
    await expect(readBytes(bytes, { offset: 100_000, length: 1 })).rejects.toThrow('too much to read');
    expect(disk.reads).toBe(1);
    expect(await readBytes(bytes, { offset: 50, length: 10 })).toEqual(content.subarray(50, 60));
  });

  it('ends a read that takes longer than the time limit', async () => {
    const hanging = {
      size: 1 * MiB,
      read: (_: number, __: Uint8Array, signal?: AbortSignal) =>
        new Promise<void>((_resolve, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
      [Symbol.asyncDispose]: async () => {},
    };
    const bytes = new FrugalBytes(hanging, new Budget({ bytes: 1 * MiB, milliseconds: 30 }));
    await expect(readBytes(bytes, { offset: 0, length: 1 })).rejects.toThrow(
      'too much to read: it took more than 30 ms',
    );
  });

  it('takes a structure that leads outside for a fault of the disk', async () => {
    const { bytes } = frugal();
    for (const offset of [-1, content.length, Number.MAX_SAFE_INTEGER, Number.NaN]) {
      await expect(readBytes(bytes, { offset, length: 1 })).rejects.toBeInstanceOf(GuestFault);
    }
  });

  it('throws the reason of an abort', async () => {
    const stop = new AbortController();
    stop.abort(new Error('enough'));
    const bytes = new FrugalBytes(new MemoryBytes(content), new Budget(), stop.signal);
    await expect(readBytes(bytes, { offset: 0, length: 1 })).rejects.toThrow('enough');
  });
});
