import { randomUUID } from 'node:crypto';
import { open, readFile, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { seededBytes } from '../../../testing/seeded.ts';
import { tempFolder } from '../../../testing/temp.ts';
import { KiB, MiB } from '../../base/align.ts';
import { Buffers, isPageAligned } from '../../base/buffers.ts';
import { openDirect } from './direct-handle.ts';
import { LocalWriter } from './local-writer.ts';

const folder = await tempFolder();
const SIZE = 4 * MiB + 700;

async function newFile(): Promise<{ path: string; plain: FileHandle }> {
  const path = join(folder, randomUUID());
  const plain = await open(path, 'w+');
  await plain.truncate(SIZE);
  return { path, plain };
}

/** Content in memory that suits a direct write. */
function alignedBytes(seed: number, length: number): Uint8Array {
  const bytes = new Buffers(4 * MiB).take().subarray(0, length);
  bytes.set(seededBytes(seed, length));
  return bytes;
}

/** Counts the writes that come this way. */
function counting(handle: FileHandle, answer?: () => Promise<never>): FileHandle & { count: number } {
  const write = (...args: unknown[]) => {
    counted.count += 1;
    return answer ? answer() : (handle.write as (...a: unknown[]) => unknown).apply(handle, args);
  };
  const counted = { count: 0, write } as unknown as FileHandle & { count: number };
  return counted;
}

describe('LocalWriter', () => {
  it('writes the same bytes at any place, of any length and from any memory', async () => {
    const { path, plain } = await newFile();
    await using direct = await openDirect(path, plain);
    const writer = new LocalWriter(plain, direct);
    const expected = Buffer.alloc(SIZE);
    const cases = [
      [0, alignedBytes(1, MiB)],
      [64 * KiB, alignedBytes(2, 300 * KiB + 11)],
      [MiB + 13, alignedBytes(3, 512 * KiB)],
      [2 * MiB, alignedBytes(4, 512 * KiB).subarray(512)],
      [3 * MiB, seededBytes(5, 512 * KiB)],
      [SIZE - 700 - 256 * KiB, alignedBytes(6, 256 * KiB + 700)],
      [512 * KiB, alignedBytes(7, 64 * KiB)],
    ] as const;
    for (const [offset, bytes] of cases) {
      await writer.write(offset, bytes);
      expected.set(bytes, offset);
    }
    expect(Buffer.compare(await readFile(path), expected)).toBe(0);
    expect((await stat(path)).size).toBe(SIZE);
    await plain.close();
  });

  it('goes past the page cache where size, place and memory suit, and only there', async () => {
    const { path, plain } = await newFile();
    await using opened = await openDirect(path, plain);
    if (!opened) return; // a file system without O_DIRECT: the test above has shown that it writes
    const direct = counting(opened);
    const writer = new LocalWriter(plain, direct);
    await writer.write(0, alignedBytes(1, MiB));
    expect(direct.count).toBe(1);
    expect(isPageAligned(seededBytes(1, MiB))).toBe(false);
    await writer.write(0, seededBytes(1, MiB));
    await writer.write(512, alignedBytes(1, MiB));
    await writer.write(0, alignedBytes(1, 64 * KiB));
    expect(direct.count).toBe(1);
    await plain.close();
  });

  it('takes a refusal for what it is: all goes through the cache from then on', async () => {
    const { path, plain } = await newFile();
    const direct = counting(plain, () => Promise.reject(Object.assign(new Error('no'), { code: 'EINVAL' })));
    const writer = new LocalWriter(plain, direct);
    const bytes = alignedBytes(1, MiB);
    await writer.write(0, bytes);
    await writer.write(MiB, bytes);
    expect(direct.count).toBe(1);
    expect(Buffer.compare((await readFile(path)).subarray(MiB, 2 * MiB), bytes)).toBe(0);
    await plain.close();
  });

  it('does not try again elsewhere what the disk has failed to write', async () => {
    const { plain } = await newFile();
    const direct = counting(plain, () => Promise.reject(Object.assign(new Error('no'), { code: 'EIO' })));
    await expect(new LocalWriter(plain, direct).write(0, alignedBytes(1, MiB))).rejects.toMatchObject({ code: 'EIO' });
    await plain.close();
  });
});
