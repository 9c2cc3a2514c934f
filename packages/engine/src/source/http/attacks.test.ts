import { describe, expect, it } from 'vitest';
import { CONTENT, isPart, meets, part, QUICK, scene } from '../../../testing/http-scene.ts';
import { collect } from '../../../testing/memory-bytes.ts';
import { seededBytes } from '../../../testing/seeded.ts';
import type { ServedObject } from '../../../testing/served-object.ts';
import type { Fault } from '../../../testing/server-faults.ts';
import { startTestServer } from '../../../testing/test-server.ts';
import { openSource } from '../open-source.ts';
import { SERVICE_POLICY } from '../policy.ts';

/** One test for each row of the known attacks of servers on their clients, and more where a row lists several. */

const range = (value: string | undefined): Fault => ({ kind: 'headers', headers: { 'content-range': value } });

function rangeHead(length: string): string {
  return `HTTP/1.1 206 P\r\nContent-Range: bytes 1000-100999/300000\r\nContent-Length: ${length}\r\n\r\n`;
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
    await expect(source.identify()).rejects.toMatchObject({ code: 'source-unpinned' });
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
