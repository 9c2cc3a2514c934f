import { expect, it } from 'vitest';
import { seededBytes } from '../../../testing/seeded.ts';
import { writeAll } from './write-all.ts';

/** A descriptor that takes as many bytes as the next number says, and then none. */
function stingy(portions: number[], medium: Buffer) {
  return {
    write: async (bytes: Uint8Array, from: number, length: number, position: number) => {
      const bytesWritten = Math.min(portions.shift() ?? 0, length);
      medium.set(bytes.subarray(from, from + bytesWritten), position);
      return { bytesWritten, buffer: bytes };
    },
  } as unknown as Parameters<typeof writeAll>[0];
}

it('writeAll() goes on after short writes until all is written', async () => {
  const medium = Buffer.alloc(200);
  const bytes = seededBytes(1, 100);
  await writeAll(stingy([1, 50, 3, 400], medium), 77, bytes);
  expect(medium.subarray(77, 177).equals(bytes)).toBe(true);
});

it('writeAll() takes a write of nothing for a full disk instead of trying for ever', async () => {
  const writing = writeAll(stingy([10, 0], Buffer.alloc(200)), 0, seededBytes(1, 100));
  await expect(writing).rejects.toMatchObject({ code: 'ENOSPC' });
});

it('writeAll() looks at the signal between two pieces', async () => {
  const abort = new AbortController();
  const handle = stingy([10, 90], Buffer.alloc(200));
  const inner = handle.write.bind(handle) as (...args: unknown[]) => Promise<unknown>;
  const aborting = { write: (...args: unknown[]) => (abort.abort(), inner(...args)) } as unknown as typeof handle;
  await expect(writeAll(aborting, 0, seededBytes(1, 100), { signal: abort.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
});
