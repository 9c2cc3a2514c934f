import { createServer } from 'node:http';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { lastWords } from './last-words.ts';

it('lets a server close whatever is connected to it, and an answer be finished', async () => {
  const server = createServer((_, response) => void setTimeout(() => response.end('said'), 300));
  const closes = lastWords(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const silent = connect(port, '127.0.0.1');
  const half = connect(port, '127.0.0.1');
  half.on('error', () => undefined).write('GET / HTTP/1.1\r\nHost: here\r\n');
  const answer = fetch(`http://127.0.0.1:${port}/`);
  await Promise.all([once(silent, 'connect'), once(server, 'request')]);

  const begun = performance.now();
  const closed = once(server, 'close');
  server.close();
  closes();
  await once(silent, 'close');
  expect(performance.now() - begun).toBeLessThan(1000);
  expect(await (await answer).text()).toBe('said');
  await closed;
  expect(performance.now() - begun).toBeLessThan(10_000);
});
