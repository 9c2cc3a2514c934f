import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTENT, QUICK, scene } from '../../testing/http-scene.ts';
import { seededBytes } from '../../testing/seeded.ts';
import { startTestServer } from '../../testing/test-server.ts';
import { KiB, MiB } from '../base/align.ts';
import { readBytes } from '../base/bytes.ts';
import { openSource } from './open-source.ts';
import { openBytes, rangedBytes } from './ranged-bytes.ts';

describe('rangedBytes', () => {
  it('reads what the object holds, at any offset and length, concurrently', async () => {
    await scene(async (s) => {
      await using bytes = rangedBytes(s.source, s.identity);
      const range = fc.tuple(fc.nat(CONTENT.length), fc.integer({ min: 0, max: 290_000 }));
      await fc.assert(
        fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 8 }), async (ranges) => {
          await Promise.all(
            ranges.map(async ([offset, long]) => {
              const length = Math.min(long, CONTENT.length - offset);
              const got = await readBytes(bytes, { offset, length });
              expect(Buffer.compare(got, CONTENT.subarray(offset, offset + length))).toBe(0);
            }),
          );
        }),
        { numRuns: 30 },
      );
    });
  });

  it('makes one request for many small reads beside each other', async () => {
    await scene(async (s) => {
      await using bytes = rangedBytes(s.source, s.identity);
      const reads = Array.from({ length: 128 }, (_, turn) => readBytes(bytes, { offset: turn * 512, length: 512 }));
      await Promise.all(reads);
      expect(s.server.requests).toHaveLength(2);
      expect(s.server.requests.at(-1)?.headers['range']).toBe('bytes=0-65535');
    });
  });

  it('makes one request for a large read, of exactly its range', async () => {
    await scene(async (s) => {
      await using bytes = rangedBytes(s.source, s.identity);
      await readBytes(bytes, { offset: 13, length: 256 * KiB });
      expect(s.server.requests.at(-1)?.headers['range']).toBe(`bytes=13-${13 + 256 * KiB - 1}`);
    });
  });

  it('keeps 4 MiB and no more', async () => {
    const content = seededBytes(9, 6 * MiB);
    await using server = await startTestServer();
    await using source = openSource(server.serve('/d', { content, etag: '"e"' }), QUICK);
    await using bytes = rangedBytes(source, await source.identify());
    const readAll = async (): Promise<number> => {
      const before = server.requests.length;
      for (let offset = 0; offset < content.length; offset += 64 * KiB) await readBytes(bytes, { offset, length: 1 });
      return server.requests.length - before;
    };
    expect(await readAll()).toBe(96);
    // A scan larger than the cache finds nothing of itself again; what was read last is still there.
    expect(await readAll()).toBe(96);
    const before = server.requests.length;
    await readBytes(bytes, { offset: content.length - 4 * MiB, length: 1 });
    expect(server.requests.length - before).toBe(0);
  });

  it('lets one reader go and keeps the page for the others', async () => {
    await scene(async (s) => {
      await using bytes = rangedBytes(s.source, s.identity);
      s.server.fault({ kind: 'delay', ms: 100 });
      const patient = readBytes(bytes, { offset: 10, length: 5 });
      const hasty = readBytes(bytes, { offset: 10, length: 5 }, AbortSignal.timeout(20));
      await expect(hasty).rejects.toMatchObject({ name: 'TimeoutError' });
      expect(Buffer.compare(await patient, CONTENT.subarray(10, 15))).toBe(0);
    });
  });

  it('asks again for a page that failed', async () => {
    await scene(async (s) => {
      await using bytes = rangedBytes(s.source, s.identity);
      s.server.fault({ kind: 'status', status: 404 });
      await expect(readBytes(bytes, { offset: 0, length: 5 })).rejects.toMatchObject({ code: 'source-not-found' });
      expect(Buffer.compare(await readBytes(bytes, { offset: 0, length: 5 }), CONTENT.subarray(0, 5))).toBe(0);
    });
  });

  it('refuses what leaves the object as a fault of the caller', async () => {
    await scene(async (s) => {
      await using bytes = rangedBytes(s.source, s.identity);
      for (const [offset, length] of [
        [-1, 1],
        [CONTENT.length, 1],
        [0, CONTENT.length + 1],
        [Number.NaN, 1],
      ] as const) {
        await expect(bytes.read(offset, new Uint8Array(length))).rejects.toMatchObject({ code: 'internal' });
      }
      await bytes.read(CONTENT.length, new Uint8Array(0));
    });
  });

  it('says source-changed for an object that is another one', async () => {
    await scene(async (s) => {
      await using bytes = rangedBytes(s.source, s.identity);
      await readBytes(bytes, { offset: 0, length: 1 });
      s.object.etag = '"two"';
      const reading = readBytes(bytes, { offset: 200_000, length: 1 });
      await expect(reading).rejects.toMatchObject({ code: 'source-changed' });
    });
  });

  it('ends what is in flight when it is disposed', async () => {
    await scene(async (s) => {
      const bytes = await openBytes(s.source, s.identity);
      s.server.fault({ kind: 'delay', ms: 200 });
      const reading = expect(readBytes(bytes, { offset: 0, length: 1 })).rejects.toMatchObject({ name: 'AbortError' });
      await bytes[Symbol.asyncDispose]();
      await reading;
    });
  });
});
