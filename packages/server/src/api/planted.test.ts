import { afterAll, expect, it } from 'vitest';
import { migrationInput, PLANTED, PLANTED_SOURCE } from '../../testing/api-requests.ts';
import { apiScene, startTestServer } from '../../testing/api-scene.ts';
import { EventStream } from '../../testing/event-stream.ts';

const scene = await apiScene();
afterAll(() => scene[Symbol.asyncDispose]());

it('a planted secret is in no answer, no event, no stream, no line of a log and no entry of the audit', async () => {
  const { send, stores } = scene;
  await using server = await startTestServer();
  server.guard(() => ({ status: 403, body: PLANTED }));
  const refusedLink = `${server.serve('/d', { content: new Uint8Array(10), etag: '"e"' })}?sig=${PLANTED}`;
  const image = { source: PLANTED_SOURCE, target: { volume: 'v-1' } };
  const input = migrationInput({ images: [image] });
  const texts: string[] = [];
  const sent = async (...request: Parameters<typeof send>) => {
    const answer = await send(...request);
    texts.push(answer.text);
    return answer;
  };

  const { body } = await sent('operator', 'POST /migrations', input, { 'idempotency-key': 'k' });
  const at = `/migrations/${body.id}`;
  await sent('operator', 'POST /migrations', { ...input, name: 'other' }, { 'idempotency-key': 'k' });
  await sent('operator', 'POST /preflight', input);
  await sent('operator', `POST ${at}/actions/replace-link`, { link: refusedLink, headers: { 'x-token': PLANTED } });
  await sent('operator', `POST ${at}/actions/replace-link`, { link: `https://${PLANTED}@`, credentials: PLANTED });
  await sent('operator', `POST ${at}/actions/replace-link`, { link: `s3://a:${PLANTED}@bucket/key` });
  for (const wrong of [
    { ...PLANTED_SOURCE, credentials: { ...PLANTED_SOURCE.credentials, secretAccessKey: [PLANTED] } },
    { ...PLANTED_SOURCE, credentials: { ...PLANTED_SOURCE.credentials, accessKeyId: '' } },
    { ...PLANTED_SOURCE, headers: { 'x-token': `${PLANTED}\u0000` } },
    { ...PLANTED_SOURCE, endpoint: `https://a:${PLANTED}@minio.example` },
    { ...PLANTED_SOURCE, link: `ftp://a:${PLANTED}@host/` },
    { ...PLANTED_SOURCE, link: PLANTED },
  ]) {
    await sent('operator', 'POST /migrations', migrationInput({ images: [{ ...image, source: wrong as never }] }));
  }
  await sent('admin', 'POST /users', { name: 'x', role: 'viewer', password: `${PLANTED}-${PLANTED}` });
  await sent('admin', 'POST /session', { name: 'x', password: PLANTED });
  await sent('viewer', 'GET /session', undefined, { authorization: `Bearer ${PLANTED}` });
  await sent('viewer', 'GET /session', undefined, { cookie: `diskferry=${PLANTED}`, 'x-csrf-token': PLANTED });
  for (const path of ['GET /migrations', `GET ${at}`, `GET ${at}/events`]) await sent('viewer', path);
  await sent('admin', 'GET /audit?limit=500');

  const origin = await scene.api.listen({ port: 0, host: '127.0.0.1' });
  const authorization = `Bearer ${scene.tokens.viewer}`;
  using stream = await EventStream.open(`${origin}/api/v1${at}/progress`, { authorization, 'last-event-id': '0' });
  await stream.until((told) => told.some(({ event }) => event === 'migration'));
  texts.push(
    JSON.stringify(stream.told),
    await scene.api.inject({ url: '/metrics', headers: { host: 'localhost', authorization } }).then(({ body }) => body),
  );

  const kept = [await stores.migrations.get(body.id), await stores.migrations.events(body.id, 0), scene.log];
  for (const text of [...texts, JSON.stringify(kept)]) expect(text).not.toContain(PLANTED);
  // It was there to be found: sealed, and opened by its name.
  const [first] = (await stores.migrations.get(body.id)).images;
  expect(JSON.stringify(await stores.secrets.open(first?.source.credentials ?? ''))).toContain(PLANTED);
});
