import { randomBytes } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { localFolder } from '../../../../testing/local-scene.ts';
import { tail, trimLog } from './logs.ts';

const folder = await localFolder();
const KiB = 1024;
const LIMITS = { limit: 256 * KiB, keep: 64 * KiB };

describe('the log of a guest', () => {
  it('takes up no more than its limit, and keeps its end, whoever goes on writing it', async () => {
    const path = join(folder, 'large');
    await using writer = await open(path, 'w');
    let expected = Buffer.alloc(0);
    for (let count = 1; count <= 12; count++) {
      const bytes = randomBytes(100 * KiB + 7);
      await writer.write(bytes);
      await writer.sync();
      expected = Buffer.concat([expected, bytes]).subarray(-LIMITS.keep);
      await trimLog(path, LIMITS);
      const { size, blocks } = await stat(path);
      expect(size).toBe(count * bytes.length);
      expect(blocks * 512).toBeLessThanOrEqual(LIMITS.limit + 8 * KiB);
      const { bytes: said, end } = await tail(path, LIMITS.keep);
      expect(end).toBe(size);
      expect(Buffer.compare(said, expected)).toBe(0);
    }
  });

  it('is left alone while it is small, or not there', async () => {
    const path = join(folder, 'small');
    await using writer = await open(path, 'w');
    const bytes = randomBytes(LIMITS.limit);
    await writer.write(bytes);
    await writer.sync();
    await trimLog(path, LIMITS);
    expect(Buffer.compare((await tail(path, 2 ** 20)).bytes, bytes)).toBe(0);
    await trimLog(join(folder, 'none'), LIMITS);
    expect(await tail(join(folder, 'none'), 10)).toEqual({ bytes: new Uint8Array(), end: 0 });
  });
});
