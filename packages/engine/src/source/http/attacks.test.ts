import { describe, expect, it } from 'vitest';
import { collect } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import type { ServedObject } from '../../../testing/served-object.ts';
import type { Fault } from '../../../testing/server-faults.ts';
import { startTestServer, type TestServer } from '../../../testing/test-server.ts';
import { openSource, type OpenOptions } from '../open-source.ts';
import { SERVICE_POLICY } from '../policy.ts';
import type { Identified, Source } from '../source.ts';

/** One test for each row of the known attacks of servers on their clients, and more where a row lists several. */

const CONTENT = seededBytes(5, 300_000);
const QUICK = {
  retry: { baseMs: 1, capMs: 5, attempts: 4, firstAttempts: 3 },
  timeouts: { connectMs: 1000, headersMs: 250, idleMs: 250, windowMs: 400, minimumRate: 1000 },
};

interface Scene {
  readonly server: TestServer;
  readonly object: ServedObject;
  readonly source: Source;
  readonly identity: Identified;
}

/** A good object that was identified; what the server does from now on is up to the test. */
async function scene(
  play: (scene: Scene) => Promise<void>,
  object: Partial<ServedObject> = {},
  options: OpenOptions = {},
) {
  await using server = await startTestServer();
  const served: ServedObject = { content: CONTENT, etag: '"one"', ...object };
  await using source = openSource(server.serve('/disk.img', served), { ...QUICK, ...options });
  await play({ server, object: served, source, identity: await source.identify() });
}

function part({ source, identity }: Scene, offset = 1000, length = 100_000): Promise<Uint8Array> {
  return source.stream({ range: { offset, length }, expect: identity }).then(collect);
}

function isPart(got: Uint8Array, offset = 1000, length = 100_000): void {
  expect(Buffer.compare(got, CONTENT.subarray(offset, offset + length))).toBe(0);
}

async function meets(fault: Fault, outcome: { code: string }, times = 100): Promise<void> {
  await scene(async (s) => {
    s.server.fault(fault, { times });
    await expect(part(s)).rejects.toMatchObject(outcome);
  });
}

describe('ETag/Last-Modified/size changes between ranges', () => {
  it.each([
    ['ETag', { etag: '"two"' }],
    ['ETag, where the server ignores If-Match', { etag: '"two"', conditions: false }],
    ['size', { content: CONTENT.subarray(1) }],
    ['size, with nothing else to see it by', { content: CONTENT.subarray(1), etag: undefined, conditions: false }],
  ] as [string, Partial<ServedObject>][])('refuses another %s as source-changed', async (_what, change) => {
    await scene(async (s) => {
      isPart(await part(s));
      Object.assign(s.object, change);
      await expect(part(s)).rejects.toMatchObject({ code: 'source-changed', retry: 'never' });
    });
  });

  it('refuses another Last-Modified as source-changed', async () => {
    const dated = { etag: undefined, lastModified: 'Sun, 22 Nov 2026 19:51:00 GMT' };
    for (const conditions of [true, false]) {
      await scene(
        async (s) => {
          isPart(await part(s));
          s.object.lastModified = 'Sun, 22 Nov 2026 19:52:00 GMT';
          await expect(part(s)).rejects.toMatchObject({ code: 'source-changed' });
        },
        { ...dated, conditions },
      );
    }
  });

  it('refuses a change in the middle of a stream that is retried', async () => {
    await scene(async (s) => {
      s.server.fault({ kind: 'reset', after: 50_000 });
      const stream = await s.source.stream({ expect: s.identity });
      s.object.etag = '"two"';
      await expect(collect(stream)).rejects.toMatchObject({ code: 'source-changed' });
    });
  });

  it('pins with If-Match, with If-Unmodified-Since where there is no strong ETag', async () => {
    await scene(async (s) => {
      await part(s);
      expect(s.server.requests.at(-1)?.headers).toMatchObject({ 'if-match': '"one"' });
    });
    const lastModified = 'Sun, 22 Nov 2026 19:51:00 GMT';
    await scene(
      async (s) => {
        await part(s);
        expect(s.server.requests.at(-1)?.headers).toMatchObject({ 'if-unmodified-since': lastModified });
      },
      { etag: undefined, lastModified },
    );
  });
});

describe('200 instead of 206; ignores Range', () => {
  it('gives up the body at once and refuses', async () => {
    await scene(async (s) => {
      s.object.ranges = false;
      await expect(part(s)).rejects.toMatchObject({ code: 'source-answer' });
      await expect.poll(() => s.server.connections).toBeLessThanOrEqual(1);
    });
  });

  it('takes it for a range that is the whole object, and as a stream', async () => {
    await scene(
      async (s) => {
        expect(s.identity).toMatchObject({ ranged: false, size: CONTENT.length });
        isPart(await part(s, 0, CONTENT.length), 0, CONTENT.length);
        isPart(await collect(await s.source.stream({ expect: s.identity })), 0, CONTENT.length);
      },
      { ranges: false },
    );
  });

  it('does not read the object to identify it', async () => {
    await using server = await startTestServer();
    server.fault({ kind: 'raw', text: 'HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\nX' });
    await using source = openSource(server.serve('/endless', { content: CONTENT }), QUICK);
    expect(await source.identify()).toEqual({ size: 1e12, ranged: false });
    await expect.poll(() => server.connections).toBe(0);
  });
});

describe('Content-Range wrong start/total, "*"; multipart/byteranges', () => {
  const range = (value: string | undefined): Fault => ({ kind: 'headers', headers: { 'content-range': value } });
  it.each([
    ['another start', range('bytes 1001-101000/300000'), 'source-answer'],
    ['another end', range('bytes 1000-100998/300000'), 'source-answer'],
    ['another total', range('bytes 1000-100999/300001'), 'source-changed'],
    ['no total', range('bytes 1000-100999/*'), 'source-answer'],
    ['an end behind the total', range('bytes 1000-300000/300000'), 'source-answer'],
    ['an end before the start', range('bytes 1000-999/300000'), 'source-answer'],
    ['a total beyond 2^53', range('bytes 1000-100999/99999999999999999999'), 'source-answer'],
    ['no Content-Range', range(undefined), 'source-answer'],
    [
      'several parts',
      { kind: 'headers', headers: { 'content-type': 'multipart/byteranges; boundary=x' } },
      'source-answer',
    ],
  ] as [string, Fault, string][])('refuses %s', async (_what, fault, code) => {
    await meets(fault, { code });
  });

  it.each(['bytes 0-0/*', 'bytes 1-1/300000', 'bytes 0-1/300000', 'bytes 0-0/0'])(
    'refuses %s when it asks',
    async (value) => {
      await using server = await startTestServer();
      await using source = openSource(server.serve('/d', { content: CONTENT }), QUICK);
      server.fault(range(value), { times: 100 });
      await expect(source.identify()).rejects.toMatchObject({ code: 'source-answer' });
    },
  );

  it('refuses a Content-Range that is there twice', async () => {
    const both = 'HTTP/1.1 206 P\r\nContent-Range: bytes 1000-100999/300000\r\nContent-Range: bytes 0-9/300000\r\n\r\n';
    await meets({ kind: 'raw', text: both }, { code: 'source-answer' });
  });
});

describe('Content-Length short, long, absent, two of them; body longer than asked', () => {
  it('counts a body without a length', async () => {
    await scene(async (s) => isPart(await part(s)), { length: false });
  });

  it('asks again where the length is not that of the range', async () => {
    for (const length of ['99999', '100001']) {
      await scene(async (s) => {
        s.server.fault({ kind: 'raw', text: rangeHead(length), thenEnd: true });
        isPart(await part(s));
      });
      await meets({ kind: 'raw', text: rangeHead(length), thenEnd: true }, { code: 'source-answer' });
    }
  });

  it('asks again where a body ends early, from the last good byte', async () => {
    await scene(async (s) => {
      s.server.fault({ kind: 'end', after: 40_000 });
      isPart(await part(s));
      expect(s.server.requests.at(-1)?.headers['range']).toBe('bytes=41000-100999');
    });
  });

  it('refuses two lengths', async () => {
    const two =
      'HTTP/1.1 206 P\r\nContent-Range: bytes 1000-100999/300000\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nX';
    await meets({ kind: 'raw', text: two }, { code: 'source-answer' });
  });

  it('never gives more than the range', async () => {
    await scene(async (s) => {
      s.server.fault({ kind: 'longer', by: 70_000 }, { times: 100 });
      isPart(await part(s));
    });
  });

  it('refuses a length that is not a number of bytes', async () => {
    for (const length of ['-1', '0x10', '1e3', '5, 5']) {
      await meets({ kind: 'raw', text: rangeHead(length) }, { code: 'source-answer' });
    }
  });

  function rangeHead(length: string): string {
    return `HTTP/1.1 206 P\r\nContent-Range: bytes 1000-100999/300000\r\nContent-Length: ${length}\r\n\r\n`;
  }
});

describe('Content-Encoding: gzip on a range', () => {
  it.each(['gzip', 'br', 'GZIP, identity'])('refuses %s', async (encoding) => {
    await meets({ kind: 'headers', headers: { 'content-encoding': encoding } }, { code: 'source-answer' });
  });

  it('takes identity', async () => {
    await scene(async (s) => {
      s.server.fault({ kind: 'headers', headers: { 'content-encoding': 'Identity' } });
      isPart(await part(s));
    });
  });
});

describe('weak ETag, no validator', () => {
  it('never sends a weak ETag as a condition and still sees it change', async () => {
    await scene(
      async (s) => {
        expect(s.identity.etag).toBeUndefined();
        await part(s);
        expect(s.server.requests.at(-1)?.headers['if-match']).toBeUndefined();
        s.object.etag = 'W/"two"';
        await expect(part(s)).rejects.toMatchObject({ code: 'source-changed' });
      },
      { etag: 'W/"one"', conditions: false },
    );
  });

  it('refuses an object without a validator where the policy says so', async () => {
    await using server = await startTestServer();
    const link = server.serve('/d', { content: CONTENT });
    const policy = { ...SERVICE_POLICY, allowHosts: ['127.0.0.1'] };
    await using source = openSource(link, { ...QUICK, policy });
    await expect(source.identify()).rejects.toMatchObject({ code: 'source-answer' });
  });

  it('reads the last bytes again before it goes on', async () => {
    const bare = { etag: undefined };
    await scene(async (s) => {
      s.server.fault({ kind: 'reset', after: 50_000 });
      isPart(await part(s));
      expect(s.server.requests.at(-1)?.headers['range']).toMatch(/^bytes=46904-/);
    }, bare);
    await scene(async (s) => {
      s.server.fault({ kind: 'reset', after: 50_000 });
      const stream = await s.source.stream({ expect: s.identity });
      s.object.content = seededBytes(6, CONTENT.length);
      await expect(collect(stream)).rejects.toMatchObject({ code: 'source-changed', offset: 50_000 - 4096 });
    }, bare);
  });
});

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
    ['0', 0, 500],
    ['-100', 0, 500],
    ['1', 950, 2500],
    ['nonsense', 0, 500],
    ['Sun, 22 Nov 2020 19:51:00 GMT', 0, 500],
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
    const { createHash } = await import('node:crypto');
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
