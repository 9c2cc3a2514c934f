import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { CONTENT, isPart, meets, part, QUICK, scene } from '../../../testing/http-scene.ts';
import { collect } from '../../../testing/memory-bytes.ts';
import type { Fault } from '../../../testing/server-faults.ts';
import { startTestServer } from '../../../testing/test-server.ts';
import { openSource } from '../open-source.ts';

/** One test for each row of the known attacks of servers on their clients, and more where a row lists several. */

describe('slow loris: 1 byte/s headers, 1 byte/s body, stall mid body', () => {
  it.each([
    ['a head that drips', { kind: 'drip', part: 'head', everyMs: 30 }],
    ['a body that drips', { kind: 'drip', part: 'body', everyMs: 30 }],
    ['silence instead of a head', { kind: 'stall', after: -1 }],
    ['silence behind the head', { kind: 'stall', after: 0 }],
  ] as [string, Fault][])('gives up %s and asks again', async (_what, fault) => {
    await scene(async (s) => {
      s.server.fault(fault);
      isPart(await part(s));
    });
    await scene(
      async (s) => {
        s.server.fault(fault, { times: 100 });
        await expect(part(s)).rejects.toMatchObject({ code: 'source-timeout', retry: 'now' });
      },
      {},
      { retry: { ...QUICK.retry, firstAttempts: 1, attempts: 1 } },
    );
  });

  it('goes on behind the last good byte after a stall in the middle', async () => {
    await scene(async (s) => {
      s.server.fault({ kind: 'stall', after: 30_000 });
      isPart(await part(s));
      expect(s.server.requests.at(-1)?.headers['range']).toBe('bytes=31000-100999');
    });
  });

  it('does not count the time in which the reader does something else', async () => {
    await scene(
      async (s) => {
        const stream = await s.source.stream({ expect: s.identity });
        let length = 0;
        for await (const chunk of stream) {
          if (length === 0) await new Promise((resolve) => setTimeout(resolve, 700));
          length += chunk.length;
        }
        expect(length).toBe(8_000_000);
        expect(s.server.requests).toHaveLength(2);
      },
      { content: new Uint8Array(8_000_000) },
    );
  });
});

describe('RST at byte k, FIN early', () => {
  it.each([0, 1, 777, 99_999])('goes on from byte %i', async (after) => {
    for (const kind of ['reset', 'end'] as const) {
      await scene(async (s) => {
        s.server.fault({ kind, after });
        isPart(await part(s));
      });
    }
  });

  it('says source-unreachable when it never gets better', async () => {
    await meets({ kind: 'reset', after: 0 }, { code: 'source-unreachable' });
  });
});

describe('503/429 with Retry-After seconds, date, 10 years, negative', () => {
  it.each([
    ['0', 0, 5000],
    ['-100', 0, 5000],
    ['1', 950, 7000],
    ['nonsense', 0, 5000],
    ['Sun, 22 Nov 2020 19:51:00 GMT', 0, 5000],
  ])('waits for %s', async (value, least, most) => {
    for (const status of [503, 429]) {
      await scene(async (s) => {
        s.server.fault({ kind: 'status', status, headers: { 'retry-after': value } });
        const began = Date.now();
        isPart(await part(s));
        expect(Date.now() - began).toBeGreaterThanOrEqual(least);
        expect(Date.now() - began).toBeLessThan(most);
      });
    }
  });

  it('waits a minute and no more for ten years, and an abort ends the wait', async () => {
    const waits: number[] = [];
    const onRetry = ({ waitMs }: { waitMs: number }): void => void waits.push(waitMs);
    await scene(
      async (s) => {
        s.server.fault({ kind: 'status', status: 503, headers: { 'retry-after': '315360000' } });
        const signal = AbortSignal.timeout(100);
        await expect(s.source.stream({ expect: s.identity, signal })).rejects.toMatchObject({ name: 'TimeoutError' });
        expect(waits).toEqual([60_000]);
      },
      {},
      { retry: { ...QUICK.retry, onRetry } },
    );
  });
});

describe('500 x n then ok; 403 after n minutes (presigned expiry); 404 mid-way', () => {
  it('goes on after 500, 502 and 504', async () => {
    await scene(async (s) => {
      for (const status of [500, 502]) s.server.fault({ kind: 'status', status });
      isPart(await part(s));
    });
    await meets({ kind: 'status', status: 504 }, { code: 'source-busy' });
  });

  it('asks for a fresh link when a signed one has expired', async () => {
    await using server = await startTestServer();
    const link = server.serve('/disk.img', { content: CONTENT, etag: '"one"' });
    const past = Math.floor(Date.now() / 1000) - 10;
    const signed = `${link}?q-sign-algorithm=sha1&q-sign-time=${past - 900};${past}&q-signature=abc`;
    await using source = openSource(signed, QUICK);
    const identity = await source.identify();
    server.fault({ kind: 'status', status: 403 });
    const expired = source.stream({ expect: identity });
    await expect(expired).rejects.toMatchObject({ code: 'source-expired', retry: 'later' });
    await using fresh = openSource(link, QUICK);
    expect(await collect(await fresh.stream({ expect: identity }))).toHaveLength(CONTENT.length);
  });

  it('knows an expiry by what the body says, and reads no more of it than 4 KiB', async () => {
    const body = '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';
    await meets({ kind: 'status', status: 403, body }, { code: 'source-expired' });
    await meets({ kind: 'status', status: 400, body: 'x'.repeat(9_000_000) }, { code: 'source-answer' });
    const late = `${' '.repeat(5000)}<Message>expired</Message>`;
    await meets({ kind: 'status', status: 403, body: late }, { code: 'source-denied' });
  });

  it('fails at once at 404, 410, 401 and 403', async () => {
    for (const [status, code] of [
      [404, 'source-not-found'],
      [410, 'source-not-found'],
      [401, 'source-denied'],
    ] as const) {
      await scene(async (s) => {
        s.server.fault({ kind: 'status', status });
        await expect(part(s)).rejects.toMatchObject({ code });
        expect(s.server.requests).toHaveLength(2);
      });
    }
  });
});

describe('bit flip in the body with right length', () => {
  it('passes the transport and is caught by a checksum of the object', async () => {
    const value = createHash('sha256').update(CONTENT).digest('hex');
    await scene(
      async (s) => {
        expect(await collect(await s.source.stream({ expect: s.identity }))).toHaveLength(CONTENT.length);
        s.server.fault({ kind: 'flip', at: 1234 });
        const reading = s.source.stream({ expect: s.identity }).then(collect);
        await expect(reading).rejects.toMatchObject({ code: 'source-checksum' });
      },
      {},
      { checksum: { algorithm: 'sha256', value } },
    );
  });
});

describe('header bomb (1 MiB), endless 100-continue, HTTP/2 rapid reset', () => {
  it('refuses a head of 1 MiB', async () => {
    const text = `HTTP/1.1 206 P\r\n${'X-Bomb: '.concat('x'.repeat(1000), '\r\n').repeat(1048)}\r\n`;
    await meets({ kind: 'raw', text }, { code: 'source-answer' });
  });

  it('refuses one header of 1 MiB', async () => {
    await meets(
      { kind: 'raw', text: `HTTP/1.1 206 P\r\nX: ${'x'.repeat(1 << 20)}\r\n\r\n` },
      { code: 'source-answer' },
    );
  });

  it('bounds informational answers by the time for the head', async () => {
    const text = 'HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n'.repeat(10_000);
    await meets({ kind: 'raw', text }, { code: 'source-timeout' });
    await meets(
      { kind: 'raw', text: 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(10_000) },
      { code: expect.stringMatching(/^source-/) },
    );
  });

  it('speaks HTTP/1.1 only', async () => {
    await meets({ kind: 'raw', text: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n' }, { code: 'source-answer' });
    await meets({ kind: 'raw', text: 'SSH-2.0-OpenSSH_9.9\r\n' }, { code: 'source-answer' });
  });
});
