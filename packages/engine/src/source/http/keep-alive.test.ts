import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { begin, poolFor, textOf } from '../../../testing/exchange-scene.ts';
import { say, startRawServer, type RawRequest } from '../../../testing/raw-server.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';
const answerOk = ({ socket }: RawRequest): Promise<void> => say(socket, OK);

/** Asks twice, one after the other, and gives the number of connections that it took. */
async function connectionsFor(first: string): Promise<number> {
  await using server = await startRawServer(({ socket }) => say(socket, server.requests.length === 1 ? first : OK));
  await using pool = poolFor(server.url);
  await textOf(await begin(pool, server.url));
  await textOf(await begin(pool, server.url));
  return new Set(server.requests.map(({ connection }) => connection)).size;
}

describe('connections', () => {
  it('serve one request after the other, never two at once', async () => {
    await using server = await startRawServer(async ({ socket }) => {
      await say(socket, OK.slice(0, 30));
      await sleep(2);
      await say(socket, OK.slice(30));
    });
    await using pool = poolFor(server.url);
    for (let turn = 0; turn < 5; turn++) {
      const texts = await Promise.all([1, 2, 3].map(async () => textOf(await begin(pool, server.url))));
      expect(texts).toEqual(['ok', 'ok', 'ok']);
    }
    expect(server.requests).toHaveLength(15);
    expect(server.open).toBe(3);
    expect(server.pipelined).toBe(0);
  });

  it.each([
    ['a length', OK],
    ['chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
    ['an informational answer before', `HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n${OK}`],
    ['no body', 'HTTP/1.1 204 No Content\r\n\r\n'],
    ['a long patience', OK.replace('\r\n', '\r\nKeep-Alive: timeout=600\r\n')],
  ])('are used again after an answer with %s', async (_what, first) => {
    expect(await connectionsFor(first)).toBe(1);
  });

  it.each([
    ['Connection: close', OK.replace('\r\n', '\r\nConnection: x, Close\r\n')],
    ['HTTP/1.0', OK.replace('1.1', '1.0')],
    ['more than its length', `${OK}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`],
    ['something behind its last chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\nX'],
    ['a patience of a second', OK.replace('\r\n', '\r\nKeep-Alive: timeout=1\r\n')],
  ])('are closed after an answer with %s', async (_what, first) => {
    expect(await connectionsFor(first)).toBe(2);
  });

  it('are closed when the server speaks without being asked', async () => {
    await using server = await startRawServer(async ({ socket }) => {
      await say(socket, OK);
      await sleep(20);
      await say(socket, 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil');
    });
    await using pool = poolFor(server.url);
    await textOf(await begin(pool, server.url));
    await expect.poll(() => server.open).toBe(0);
    expect(await textOf(await begin(pool, server.url))).toBe('ok');
  });

  it('are closed when the server has no more patience', async () => {
    await using server = await startRawServer(({ socket }) =>
      say(socket, OK.replace('\r\n', '\r\nKeep-Alive: timeout=2, max=9\r\n')),
    );
    await using pool = poolFor(server.url);
    await textOf(await begin(pool, server.url));
    expect(server.open).toBe(1);
    await expect.poll(() => server.open, { timeout: 1500 }).toBe(0);
  });

  it('are tried once more on a fresh one when they were closed at rest', async () => {
    // The first connection ends, or is reset, in the moment when its second request comes.
    for (const close of ['end', 'resetAndDestroy'] as const) {
      await using server = await startRawServer((request) => {
        if (server.requests.length === 2) request.socket[close]();
        else return answerOk(request);
      });
      await using pool = poolFor(server.url);
      await textOf(await begin(pool, server.url));
      expect(await textOf(await begin(pool, server.url))).toBe('ok');
      expect(server.requests.map(({ connection }) => connection)).toEqual([0, 0, 1]);
    }
  });

  it('are not tried once more when an answer had begun, or on a fresh one', async () => {
    for (const begun of [1, 2]) {
      await using server = await startRawServer(async (request) => {
        if (server.requests.length < begun) return answerOk(request);
        if (begun === 2) await say(request.socket, 'H');
        request.socket.end();
      });
      await using pool = poolFor(server.url);
      if (begun === 2) await textOf(await begin(pool, server.url));
      await expect(begin(pool, server.url)).rejects.toMatchObject({ code: 'source-unreachable', retry: 'now' });
      expect(server.requests).toHaveLength(begun);
    }
  });

  it('go only to the origin that they lead to', async () => {
    await using one = await startRawServer(answerOk);
    await using two = await startRawServer(answerOk);
    await using pool = poolFor(one.url);
    for (const { url } of [one, two, one, two]) await textOf(await begin(pool, url));
    expect([one.open, two.open, one.requests.length, two.requests.length]).toEqual([1, 1, 2, 2]);
  });
});

/** Leaves an answer after its first piece and asks again. */
async function left(answer: string): Promise<{ same: boolean; open: number }> {
  await using server = await startRawServer(({ socket }) => say(socket, answer));
  await using pool = poolFor(server.url);
  const exchange = await begin(pool, server.url);
  await exchange.next();
  await exchange.return();
  await sleep(50);
  const { open } = server;
  (await begin(pool, server.url)).cancel();
  return { same: server.requests[1]?.connection === 0, open };
}

describe('an answer that is left early', () => {
  it('is read to its end where that is near', async () => {
    const body = 'x'.repeat(60_000);
    expect(await left(`HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n${body}`)).toEqual({ same: true, open: 1 });
    const chunked = `1\r\nX\r\n${(60_000).toString(16)}\r\n${body}\r\n0\r\n\r\n`;
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    expect(await left(head + chunked)).toEqual({ same: true, open: 1 });
  });

  it('is cut off where it is long, or would have no end', async () => {
    const body = 'x'.repeat(600_000);
    expect(await left(`HTTP/1.1 200 OK\r\nContent-Length: 6000000\r\n\r\n${body}`)).toEqual({ same: false, open: 0 });
    expect(await left(`HTTP/1.1 200 OK\r\n\r\n${body}`)).toEqual({ same: false, open: 0 });
    const chunks = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${'100\r\n'}${'x'.repeat(256)}\r\n`;
    expect(await left(chunks + `100\r\n${'x'.repeat(256)}\r\n`.repeat(2000))).toEqual({ same: false, open: 0 });
  });

  it('is not waited for longer than a second', async () => {
    await using server = await startRawServer(({ socket }) => say(socket, OK.slice(0, -1)));
    await using pool = poolFor(server.url);
    (await begin(pool, server.url)).cancel();
    await sleep(100);
    expect(server.open).toBe(1);
    await expect.poll(() => server.open, { timeout: 2000 }).toBe(0);
  });
});
