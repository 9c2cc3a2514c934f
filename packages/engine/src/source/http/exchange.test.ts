import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { begin, poolFor, textOf } from '../../../testing/exchange-scene.ts';
import { say, startRawServer } from '../../../testing/raw-server.ts';

const STREAM = 'HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n';

describe('Exchange', () => {
  it('gives the same answer however it was cut into pieces', async () => {
    let pieces: readonly string[] = [];
    await using server = await startRawServer(async ({ socket }) => {
      for (const piece of pieces) await say(socket, piece);
    });
    await using pool = poolFor(server.url);
    const sizes = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 3000 }),
        fc.boolean(),
        sizes,
        sizes,
        async (content, chunked, a, b) => {
          const body = Buffer.from(content).toString('latin1');
          const length = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${body.length}`;
          const head = `HTTP/1.1 100 C\r\n\r\nHTTP/1.1 206 Partial Content\r\nX-A: b\r\n${length}\r\n\r\n`;
          pieces = cutUp(head + (chunked ? inChunks(body, a) : body), b);
          const exchange = await begin(pool, server.url);
          expect([exchange.status, exchange.header('x-a')]).toEqual([206, 'b']);
          expect(await textOf(exchange)).toBe(body);
        },
      ),
      { numRuns: 60 },
    );
    expect(server.open).toBe(1);
  });

  it('gives views of one buffer, each good until the next one is asked for', async () => {
    const body = Buffer.alloc(5_000_000, 'abcdefg').toString('latin1');
    await using server = await startRawServer(({ socket }) => say(socket, STREAM.replace('1000000', '5000000') + body));
    await using pool = poolFor(server.url);
    const exchange = await begin(pool, server.url);
    const buffers = new Set<ArrayBufferLike>();
    let text = '';
    for await (const chunk of exchange) {
      buffers.add(chunk.buffer);
      // What comes meanwhile must not get into it.
      await sleep(1);
      text += Buffer.from(chunk).toString('latin1');
    }
    expect(buffers.size).toBe(1);
    expect(text === body).toBe(true);
  });

  it('does not give a connection on as long as its last chunk is being looked at', async () => {
    await using server = await startRawServer(({ socket }) =>
      say(socket, `HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${server.requests.length}`),
    );
    await using pool = poolFor(server.url);
    const first = await begin(pool, server.url);
    const { value } = await first.next();
    expect(await textOf(await begin(pool, server.url))).toBe('2');
    expect(String.fromCharCode(value?.[0] ?? 0)).toBe('1');
    expect(await first.next()).toEqual({ done: true, value: undefined });
    expect(server.open).toBe(2);
  });

  it('does not read on when nobody asks', async () => {
    let written = 0;
    await using server = await startRawServer(async ({ socket }) => {
      await say(socket, STREAM.replace('1000000', '1000000000000'));
      for (; !socket.destroyed; written += 1_000_000) await say(socket, 'x'.repeat(1_000_000));
    });
    await using pool = poolFor(server.url);
    const exchange = await begin(pool, server.url);
    await exchange.next();
    await sleep(200);
    const before = written;
    await sleep(200);
    expect(written).toBe(before);
    exchange.cancel();
  });

  it.each([
    ['nothing', ''],
    ['half a head', 'HTTP/1.1 200 OK\r\nConte'],
    ['half a body', STREAM],
    ['half a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel'],
    ['chunks without the last one', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n'],
  ])('says source-unreachable when the connection ends after %s', async (_what, text) => {
    await using server = await startRawServer(async ({ socket }) => {
      await say(socket, text);
      socket.end();
    });
    await using pool = poolFor(server.url);
    const asking = begin(pool, server.url).then(textOf);
    await expect(asking).rejects.toMatchObject({ code: 'source-unreachable', retry: 'now' });
  });

  it('passes over 8 informational answers and not 9', async () => {
    const early = 'HTTP/1.1 103 Early Hints\r\n\r\n';
    await using server = await startRawServer(({ socket }) =>
      say(socket, `${early.repeat(7 + server.requests.length)}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok`),
    );
    await using pool = poolFor(server.url);
    expect(await textOf(await begin(pool, server.url))).toBe('ok');
    await expect(begin(pool, server.url)).rejects.toMatchObject({ code: 'source-timeout' });
  });

  it('refuses a switch to another protocol', async () => {
    await using server = await startRawServer(({ socket }) =>
      say(socket, 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n'),
    );
    await using pool = poolFor(server.url);
    await expect(begin(pool, server.url)).rejects.toMatchObject({ code: 'source-answer' });
  });
});

describe('what ends an exchange from outside', () => {
  const stages: [string, string][] = [
    ['the head is awaited', ''],
    ['the head is half there', 'HTTP/1.1 200 OK\r\nConte'],
    ['the body is awaited', STREAM],
    ['the body is half there', `${STREAM}xxx`],
  ];

  it.each(stages)('is an abort while %s', async (_what, text) => {
    await using server = await startRawServer(({ socket }) => say(socket, text));
    await using pool = poolFor(server.url);
    const asking = begin(pool, server.url, { signal: AbortSignal.timeout(60) }).then(textOf);
    await expect(asking).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect.poll(() => server.open).toBe(0);
  });

  it.each(stages)('is the disposal of the source while %s', async (_what, text) => {
    await using server = await startRawServer(({ socket }) => say(socket, text));
    const pool = poolFor(server.url);
    const asking = expect(begin(pool, server.url).then(textOf)).rejects.toMatchObject({ code: 'internal' });
    await sleep(40);
    await pool[Symbol.asyncDispose]();
    await asking;
    await expect.poll(() => server.open).toBe(0);
    await expect(begin(pool, server.url)).rejects.toMatchObject({ code: 'internal' });
  });

  it('is an abort before the end was told, also behind the last byte', async () => {
    await using server = await startRawServer(({ socket }) =>
      say(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
    );
    await using pool = poolFor(server.url);
    const control = new AbortController();
    const exchange = await begin(pool, server.url, { signal: control.signal });
    await exchange.next();
    control.abort();
    await expect(exchange.next()).rejects.toMatchObject({ name: 'AbortError' });
    await expect(exchange.next()).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is the time, or an abort, while the connection is being made', async () => {
    // A server that takes the connection and then says nothing of TLS.
    await using silent = await startSilentServer();
    await using pool = poolFor(silent.url);
    const late = begin(pool, silent.url, { timeouts: { connectMs: 80 } });
    await expect(late).rejects.toMatchObject({ code: 'source-timeout', message: expect.stringContaining('take') });
    const aborted = begin(pool, silent.url, { signal: AbortSignal.timeout(30) });
    await expect(aborted).rejects.toMatchObject({ name: 'TimeoutError' });
    await expect.poll(() => silent.open()).toBe(0);
  });
});

async function startSilentServer() {
  const server = createServer((socket) => void socket.on('error', () => undefined).resume());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`https://127.0.0.1:${port}/`),
    open: () => new Promise<number>((resolve) => server.getConnections((_error, count) => resolve(count))),
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

function inChunks(text: string, sizes: readonly number[]): string {
  const lines = cutUp(text, sizes).map((part) => `${part.length.toString(16)}\r\n${part}\r\n`);
  return `${lines.join('')}0\r\n\r\n`;
}

function cutUp(text: string, sizes: readonly number[]): string[] {
  const parts: string[] = [];
  for (let at = 0, turn = 0; at < text.length; turn++) {
    const size = sizes[turn % sizes.length] ?? 1;
    parts.push(text.slice(at, at + size));
    at += size;
  }
  return parts;
}
