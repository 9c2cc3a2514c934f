import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect } from '../../testing/memory-bytes.ts';
import { tempFolder } from '../../testing/temp.ts';
import { Bandwidth } from './bandwidth.ts';
import { withCount } from './counted.ts';
import { openSource } from './open-source.ts';
import { FileSource } from './file/file-source.ts';
import { withThrottle } from './throttle.ts';

async function took(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

describe('a source with several limits', async () => {
  const path = join(await tempFolder(), 'limited');
  await writeFile(path, new Uint8Array(400_000));

  it.each([
    [1_000_000, 100_000_000],
    [100_000_000, 1_000_000],
  ])('is held by the lowest of %d and %d', async (...rates) => {
    await using source = openSource(path, { bandwidth: rates.map((rate) => new Bandwidth(rate)) });
    const identity = await source.identify();
    const [whole, again] = [{ expect: identity }, { expect: identity }];
    const ms = await took(async () => {
      await collect(await source.stream(whole));
      await collect(await source.stream(again));
    });
    // The first chunk goes through on credit, the second one waits for it.
    expect(ms).toBeGreaterThan(300);
  });
});

describe('Bandwidth', () => {
  it('lets no more through than its rate, to all takers together', async () => {
    const limiter = new Bandwidth(1_000_000);
    const takers = Array.from({ length: 4 }, async () => {
      for (let turn = 0; turn < 10; turn++) await limiter.take(10_000);
    });
    const ms = await took(() => Promise.all(takers));
    expect(ms).toBeGreaterThan(330);
    expect(ms).toBeLessThan(6000);
  });

  it('can be changed while takers wait', async () => {
    const limiter = new Bandwidth(10);
    await limiter.take(1_000_000);
    setTimeout(() => (limiter.rate = undefined), 50);
    expect(await took(() => limiter.take(1))).toBeLessThan(6000);
    expect(limiter.rate).toBeUndefined();
  });

  it('lets an aborted taker go and keeps the order of the others', async () => {
    const limiter = new Bandwidth(1000);
    await limiter.take(300);
    const order: string[] = [];
    const first = limiter.take(10).then(() => order.push('first'));
    const aborted = limiter.take(10, AbortSignal.timeout(20));
    const last = limiter.take(10).then(() => order.push('last'));
    await expect(aborted).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(order).toEqual([]);
    await Promise.all([first, last]);
    expect(order).toEqual(['first', 'last']);
  });

  it('has no rate that is not positive', () => {
    for (const rate of [0, -1, Number.NaN]) expect(() => new Bandwidth(rate)).toThrow(RangeError);
  });
});

describe('withThrottle and withCount', async () => {
  const path = join(await tempFolder(), 'file');
  await writeFile(path, Buffer.alloc(3_000_000, 1));

  it('slow a stream and reads in place', async () => {
    const limiter = new Bandwidth(10_000_000);
    await using source = withThrottle(new FileSource(path), limiter);
    const identity = await source.identify();
    const ms = await took(async () => {
      expect(await collect(await source.stream({ expect: identity }))).toHaveLength(3_000_000);
      await using bytes = await source.bytes?.(identity);
      await bytes?.read(0, new Uint8Array(1_000_000));
    });
    expect(ms).toBeGreaterThan(150);
  });

  it('count what is read', async () => {
    let count = 0;
    await using source = withCount(new FileSource(path), (bytes) => (count += bytes));
    const identity = await source.identify();
    await collect(await source.stream({ expect: identity }));
    await using bytes = await source.bytes?.(identity);
    await bytes?.read(5, new Uint8Array(10));
    expect(count).toBe(3_000_010);
  });
});
