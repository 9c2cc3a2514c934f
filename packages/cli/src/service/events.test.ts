import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { eventsOf } from './events.ts';
import { ProblemError } from './problem.ts';

type Handler = (request: IncomingMessage, response: ServerResponse) => void;
let close = () => {};
afterEach(() => close());

async function served(...handlers: readonly Handler[]) {
  const asked: IncomingMessage['headers'][] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers);
    (handlers[Math.min(asked.length, handlers.length) - 1] as Handler)(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = () => void (server.closeAllConnections(), server.close());
  const { port } = server.address() as AddressInfo;
  return { asked, connection: { server: `http://127.0.0.1:${port}`, token: 'dft_x' } };
}

const says =
  (text: string): Handler =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text);

it('goes on behind the last event when the connection is lost, as the service does when it is restarted', async () => {
  const { asked, connection } = await served(
    says('event: migration\nid: 3\ndata: {"n":3}\n\nevent: migration\nid: 4\nda'),
    (_request, response) => response.destroy(),
    (_request, response) => void response.writeHead(503).end('{}'),
    says('event: migration\nid: 4\ndata: {"n":4}\n\n'),
  );
  const seen: string[] = [];
  for await (const { data } of eventsOf(connection, '/progress', AbortSignal.timeout(20_000))) {
    seen.push(data);
    if (seen.length === 2) break;
  }
  expect(seen).toEqual(['{"n":3}', '{"n":4}']);
  expect(asked.map((headers) => headers['last-event-id'])).toEqual([undefined, '3', '3', '3']);
  expect(asked[0]).toMatchObject({ authorization: 'Bearer dft_x', accept: 'text/event-stream' });
});

it('ends with what the service refuses', async () => {
  const problem = { title: 'There is nothing with this id.', status: 404, code: 'not-found' };
  const { connection, asked } = await served((_request, response) => {
    response.writeHead(404, { 'content-type': 'application/problem+json' }).end(JSON.stringify(problem));
  });
  const stream = eventsOf(connection, '/progress', AbortSignal.timeout(5000));
  await expect(stream.next()).rejects.toThrow(ProblemError);
  expect(asked).toHaveLength(1);
});

it('ends when it is told to', async () => {
  const { connection } = await served((_request, response) => void response.writeHead(200).write(': alive\n\n'));
  const end = new AbortController();
  const next = eventsOf(connection, '/progress', end.signal).next();
  setTimeout(() => end.abort(), 50);
  await expect(next).rejects.toMatchObject({ name: 'AbortError' });
});
