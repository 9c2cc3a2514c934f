import { describe, expect, it } from 'vitest';
import { CONTENT, part, QUICK, scene } from '../../testing/http-scene.ts';
import { collect } from '../../testing/memory-bytes.ts';
import { seededRandom } from '../../testing/seeded.ts';
import { startTestServer } from '../../testing/test-server.ts';
import { DiskferryError } from '../base/errors.ts';
import { openSource } from './open-source.ts';
import { BusyError, parseRetryAfter } from './retry-after.ts';
import { Stretch, type RetryEvent } from './retry-policy.ts';
import { withRetry } from './retry.ts';
import type { Source } from './source.ts';

describe('Retry-After', () => {
  const now = Date.parse('Sun, 22 Nov 2026 19:51:00 GMT');
  it.each([
    ['0', 0],
    ['7', 7000],
    ['-5', 0],
    ['99999999999', 60_000],
    ['1.5', 1500],
    ['Sun, 22 Nov 2026 19:51:30 GMT', 30_000],
    ['Sun, 22 Nov 2036 19:51:30 GMT', 60_000],
    ['Sun, 22 Nov 2016 19:51:30 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s', (value, expected) => {
    expect(parseRetryAfter(value, now)).toBe(expected);
  });
});

describe('a stretch without progress', () => {
  const policy = { attempts: 4, firstAttempts: 2, baseMs: 1, capMs: 2, busyPatienceMs: 50, random: () => 0 };
  const broken = new DiskferryError('source-unreachable', 'broken');

  it('ends after its attempts and says how many they were', async () => {
    const stretch = new Stretch(policy);
    await stretch.after(broken, undefined);
    await expect(stretch.after(broken, undefined)).rejects.toMatchObject({
      code: 'source-unreachable',
      retry: 'now',
      message: 'broken; 2 attempts did not help',
    });
  });

  it('begins anew with progress, and then has more attempts', async () => {
    const stretch = new Stretch(policy);
    await stretch.after(broken, undefined);
    stretch.progress();
    for (let turn = 0; turn < 3; turn++) await stretch.after(broken, undefined);
    await expect(stretch.after(broken, undefined)).rejects.toThrow('4 attempts');
  });

  it('waits twice as long each time, up to the cap, with jitter', async () => {
    const waits: number[] = [];
    const onRetry = ({ waitMs }: RetryEvent): void => void waits.push(waitMs);
    const stretch = new Stretch({
      ...policy,
      firstAttempts: 6,
      baseMs: 4,
      capMs: 16,
      random: seededRandom(1),
      onRetry,
    });
    for (let turn = 0; turn < 5; turn++) await stretch.after(broken, undefined);
    for (const [turn, most] of [4, 8, 16, 16, 16].entries()) {
      expect(waits[turn]).toBeLessThanOrEqual(most);
      expect(waits[turn]).toBeGreaterThanOrEqual(most / 2);
    }
  });

  it('is patient with a server that says when to come again, for its time', async () => {
    const stretch = new Stretch(policy);
    const busy = new BusyError('busy', 5);
    let turns = 0;
    const waiting = (async () => {
      for (;;) {
        await stretch.after(busy, undefined);
        turns++;
      }
    })();
    await expect(waiting).rejects.toMatchObject({ code: 'source-busy' });
    expect(turns).toBeGreaterThan(3);
  });

  it('throws at once what cannot be helped', async () => {
    const stretch = new Stretch(policy);
    for (const code of ['source-changed', 'source-denied', 'source-tls', 'source-address'] as const) {
      await expect(stretch.after(new DiskferryError(code, 'no'), undefined)).rejects.toMatchObject({ message: 'no' });
    }
    await expect(stretch.after(new TypeError('a fault'), undefined)).rejects.toThrow('a fault');
  });
});

describe('withRetry', () => {
  it('goes on through resets at random bytes', async () => {
    const random = seededRandom(3);
    await scene(
      async (s) => {
        for (let turn = 0; turn < 12; turn++) {
          s.server.fault({ kind: random() < 0.5 ? 'reset' : 'end', after: Math.floor(random() * 60_000) });
        }
        const got = await collect(await s.source.stream({ expect: s.identity }));
        expect(Buffer.compare(got, CONTENT)).toBe(0);
      },
      {},
      { retry: { baseMs: 1, capMs: 2, attempts: 6 } },
    );
  });

  it('does not take a byte per connection for progress', async () => {
    await scene(async (s) => {
      s.server.fault({ kind: 'end', after: 10 }, { times: 1000 });
      await expect(part(s)).rejects.toMatchObject({ code: 'source-unreachable' });
      expect(s.server.requests.length).toBeLessThan(10);
    });
  });

  it('reads a stream without ranges again and skips, where a strong validator allows', async () => {
    await scene(
      async (s) => {
        s.server.fault({ kind: 'reset', after: 100_000 });
        const got = await collect(await s.source.stream({ expect: s.identity }));
        expect(Buffer.compare(got, CONTENT)).toBe(0);
      },
      { ranges: false },
    );
  });

  it('fails in a stream without ranges and without a strong validator', async () => {
    await scene(
      async (s) => {
        s.server.fault({ kind: 'reset', after: 100_000 });
        const reading = s.source.stream({ expect: s.identity }).then(collect);
        await expect(reading).rejects.toMatchObject({ code: 'source-unreachable' });
        expect(s.server.requests).toHaveLength(2);
      },
      { ranges: false, etag: undefined, lastModified: 'Sun, 22 Nov 2026 19:51:00 GMT' },
    );
  });

  it('asks a busy server less often, from all streams together', async () => {
    let storm = true;
    let busy = 0;
    const source: Source = {
      label: 'test',
      name: 'test',
      identify: async () => ({ size: 1, ranged: true }),
      stream: async () => {
        if (!storm) return collectable();
        busy++;
        throw new BusyError('busy', 20);
      },
      [Symbol.asyncDispose]: async () => undefined,
    };
    const retrying = withRetry(source, { baseMs: 1, capMs: 10, busyPatienceMs: 10_000 });
    const streams = Array.from({ length: 8 }, async () => collect(await retrying.stream({ expect: { size: 1 } })));
    setTimeout(() => (storm = false), 500);
    expect(await Promise.all(streams)).toHaveLength(8);
    // Eight streams that each waited their 20 ms alone would have asked two hundred times.
    expect(busy).toBeLessThan(50);
  });

  it('stops waiting when it is aborted', async () => {
    await using server = await startTestServer();
    const link = server.serve('/d', { content: CONTENT, etag: '"e"' });
    await using source = openSource(link, { ...QUICK, retry: { baseMs: 60_000, capMs: 60_000 } });
    server.fault({ kind: 'status', status: 500 });
    const began = Date.now();
    await expect(source.identify(AbortSignal.timeout(50))).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(Date.now() - began).toBeLessThan(5000);
  });
});

async function* collectable() {
  yield new Uint8Array(1);
}
