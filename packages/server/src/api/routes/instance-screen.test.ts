import { expect, it } from 'vitest';
import { INSTANCE } from '../../../testing/api-requests.ts';
import { apiScene } from '../../../testing/api-scene.ts';
import { withCalls } from '../../../testing/provider-with.ts';

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);

it('shows the screen of an instance, to those who may look at its console', async () => {
  await using scene = await apiScene();
  const { body: instance } = await scene.send('operator', 'POST /instances', INSTANCE);
  const path = `GET /instances/${instance.id}/screen`;
  expect((await scene.send('operator', path)).body).toMatchObject({ status: 409, code: 'instance-stopped' });
  expect((await scene.send('viewer', path)).status).toBe(403);
  expect((await scene.send('operator', 'GET /instances/i-none/screen')).body.code).toBe('instance-not-found');
});

it('is an image, and asks for two at once at most', async () => {
  const waiting: (() => void)[] = [];
  await using inner = await apiScene();
  const screenshot = () => new Promise<Uint8Array>((resolve) => waiting.push(() => resolve(PNG)));
  const provider = withCalls(inner.provider, { features: { screenshot } });
  await using scene = await apiScene({ provider });
  const ask = () => {
    const headers = { authorization: `Bearer ${scene.tokens.operator}`, host: 'localhost' };
    return Promise.resolve(scene.api.inject({ method: 'GET', url: '/api/v1/instances/i-1/screen', headers }));
  };
  const first = [ask(), ask()];
  while (waiting.length < 2) await new Promise(setImmediate);
  expect((await ask()).json()).toMatchObject({ status: 503, code: 'too-many-listeners' });
  for (const answer of waiting.splice(0)) answer();
  for (const { statusCode, headers, rawPayload } of await Promise.all(first)) {
    expect({ statusCode, type: headers['content-type'] }).toEqual({ statusCode: 200, type: 'image/png' });
    expect(rawPayload).toEqual(Buffer.from(PNG));
  }
});
