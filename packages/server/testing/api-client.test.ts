import { createClient } from '@diskferry/protocol/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { migrationInput } from './api-requests.ts';
import { apiScene } from './api-scene.ts';

const scene = await apiScene();
let baseUrl = '';
beforeAll(async () => void (baseUrl = await scene.api.listen({ port: 0, host: '127.0.0.1' })));
afterAll(() => scene[Symbol.asyncDispose]());

it('creates, lists and acts with a token, in types of the document', async () => {
  const client = createClient({ baseUrl, token: scene.tokens.operator, language: 'ja' });
  const header = { 'Idempotency-Key': 'k-1' };
  const made = await client.POST('/api/v1/migrations', { body: migrationInput(), params: { header } });
  expect(made.response.status).toBe(201);
  const id = made.data?.id ?? '';
  const path = { id };
  const paused = await client.POST('/api/v1/migrations/{id}/actions/pause', {
    params: { path, header: { 'If-Match': '"1"' } },
  });
  expect(paused.data?.state).toBe('paused');
  const list = await client.GET('/api/v1/migrations', { params: { query: { state: ['paused', 'queued'], limit: 5 } } });
  expect(list.data?.items.map((each) => each.id)).toEqual([id]);
  const refused = await client.POST('/api/v1/migrations/{id}/actions/pause', { params: { path } });
  expect(refused.error?.refusal?.reason).toBe('移行は既に一時停止しています。');
});

it('sends the number of a session along with what changes something', async () => {
  const sent: Request[] = [];
  const fetch = async (request: Request) => (sent.push(request), new Response(null, { status: 204 }));
  const client = createClient({ baseUrl: 'http://localhost', csrf: () => 'n-1', fetch });
  await client.DELETE('/api/v1/session');
  await client.GET('/api/v1/session');
  expect(sent.map(({ headers }) => headers.get('x-csrf-token'))).toEqual(['n-1', null]);
});
