import { expect, it } from 'vitest';
import { apiScene } from '../../../testing/api-scene.ts';
import { BOOTED, HALF_WAY, THE_REST } from '../../../testing/lives.ts';
import { sampleRequest } from '../../../testing/requests.ts';
import type { WorkerEvent } from '../../migrations/event.ts';

const PNG = Uint8Array.of(0x89, 0x50, 0x4e, 0x47);

it('shows the screen of the copy that was started, and keeps it out of migration and events', async () => {
  await using scene = await apiScene();
  const { migrations } = scene.stores;
  const { id } = await migrations.create(sampleRequest({ options: { proveBoot: 'always' } }));
  const path = `GET /migrations/${id}/boot-screen`;
  expect((await scene.send('operator', path)).body).toMatchObject({ status: 404, code: 'not-found' });
  const claim = await migrations.claim('w1', { labels: [], leaseMs: 60_000 });
  const screenshot = Buffer.from(PNG).toString('base64');
  const proved = { kind: 'proved', proof: { ...BOOTED, screenshot: true }, screenshot } as const;
  let version = claim?.migration.version ?? 0;
  for (const event of [...HALF_WAY, ...THE_REST.slice(0, -1), proved]) {
    ({ version } = await migrations.append(id, claim?.fence ?? 0, version, event as WorkerEvent));
  }
  const headers = { authorization: `Bearer ${scene.tokens.operator}`, host: 'localhost' };
  const answer = await scene.api.inject({ method: 'GET', url: `/api/v1/migrations/${id}/boot-screen`, headers });
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'image/png']);
  expect(answer.rawPayload).toEqual(Buffer.from(PNG));
  expect((await scene.send('viewer', path)).status).toBe(403);
  const { body } = await scene.send('viewer', `GET /migrations/${id}`);
  expect(body).toMatchObject({ state: 'starting', bootProof: proved.proof, options: { proveBoot: 'always' } });
  const events = await scene.send('viewer', `GET /migrations/${id}/events`);
  expect(JSON.stringify(events.body)).toContain('"proved"');
  expect(JSON.stringify([body, events.body])).not.toContain(screenshot);
});
