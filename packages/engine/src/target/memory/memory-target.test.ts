import { describe, expect, it } from 'vitest';
import { targetConformance } from '../../../testing/target-conformance.ts';
import { KiB, TiB } from '../../base/align.ts';
import { MemoryDisk } from './memory-disk.ts';
import { MemoryTarget } from './memory-target.ts';

for (const align of [1, 512]) {
  targetConformance(`a memory target aligned to ${align}`, async (size) => {
    const target = new MemoryTarget(size, { align });
    const content = async (): Promise<Uint8Array> => {
      const bytes = new Uint8Array(size);
      target.disk.read(0, bytes);
      return bytes;
    };
    return { target, content, dispose: async () => {} };
  });
}

describe('a memory target', () => {
  it('of 2 TiB costs only what is written to it', async () => {
    await using target = new MemoryTarget(2 * TiB);
    await target.write(2 * TiB - 1, new Uint8Array([7]));
    await target.write(TiB, new Uint8Array(128 * KiB));
    expect(target.disk.allocatedBytes).toBe(192 * KiB);
    await target.zero({ offset: 0, length: 2 * TiB }, { mayPunch: true });
    expect(target.disk.isBlank).toBe(true);
  });

  it('keeps its disk for the next one, which does not start zeroed', async () => {
    const disk = new MemoryDisk(1000);
    const first = new MemoryTarget(disk);
    expect(first.traits.startsZeroed).toBe(true);
    await first.write(999, new Uint8Array([7]));
    await first[Symbol.asyncDispose]();
    await using second = new MemoryTarget(disk);
    expect(second.traits.startsZeroed).toBe(false);
    const last = new Uint8Array(1);
    await second.readBack.read(999, last);
    expect(last[0]).toBe(7);
  });
});
