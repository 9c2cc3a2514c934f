import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { migrationInput, PLANTED } from '../../../testing/api-requests.ts';
import { apiScene, startTestServer } from '../../../testing/api-scene.ts';

const scene = await apiScene();
const { send, stores } = scene;
afterAll(() => scene[Symbol.asyncDispose]());

let volume = 0;
let id = '';
beforeEach(async () => {
  const images = [{ source: { link: 'https://images.example/d' }, target: { volume: `v-${(volume += 1)}` } }];
  id = (await send('operator', 'POST /migrations', migrationInput({ images }))).body.id;
});

const act = (action: string, body?: unknown, headers?: Record<string, string>) => {
  return send('operator', `POST /migrations/${id}/actions/${action}`, body, headers);
};

describe('acting on a migration', () => {
  it('pauses, resumes, cancels and tries again', async () => {
    const states: string[] = [];
    for (const action of ['pause', 'resume', 'cancel', 'retry']) states.push((await act(action)).body.state);
    expect(states).toEqual(['paused', 'waiting', 'cancelled', 'queued']);
    const { body } = await send('viewer', `GET /migrations/${id}/events`);
    expect(body.items.slice(1).every(({ by }: { by: string }) => by === 'operator-token')).toBe(true);
  });

  it('resumes with warnings that are accepted from then on', async () => {
    await act('pause');
    const { body, status } = await act('resume?accept=target-overwritten&accept=link-plain');
    expect({ status, accept: body.options.accept }).toMatchObject({
      status: 200,
      accept: expect.arrayContaining(['target-overwritten', 'link-plain']),
    });
    expect((await act('resume?accept=')).status).toBe(422);
  });

  it('says why an action is not allowed, as the view does', async () => {
    const { status, body } = await act('resume');
    expect({ status, code: body.code, refusal: body.refusal.code }).toEqual({
      status: 409,
      code: 'action-refused',
      refusal: 'not-paused',
    });
    const { body: view } = await send('viewer', `GET /migrations/${id}`, undefined, { 'accept-language': 'ja' });
    const resume = view.actions.find(({ action }: { action: string }) => action === 'resume');
    expect(resume).toEqual({
      action: 'resume',
      allowed: false,
      code: 'not-paused',
      reason: expect.stringMatching(/一時停止/),
    });
  });

  it('is done only to the version that was looked at, where one is named', async () => {
    const stale = await act('pause', undefined, { 'if-match': '"7"' });
    expect({ status: stale.status, code: stale.body.code }).toEqual({ status: 412, code: 'version-conflict' });
    const done = await act('pause', undefined, { 'if-match': '"1"' });
    expect({ status: done.status, etag: done.headers['etag'] }).toEqual({ status: 200, etag: '"2"' });
    expect((await act('resume', undefined, { 'if-match': 'x' })).status).toBe(422);
    expect((await act('resume', undefined, { 'if-match': '*' })).status).toBe(200);
  });

  it('goes on where a worker writes between the look and the act', async () => {
    const { migrations } = stores;
    const original = migrations.get;
    let raced = 0;
    Object.assign(migrations, {
      get: async (asked: string) => {
        const found = await original(asked);
        if ((raced += 1) <= 3)
          await migrations.request(asked, found.version, { kind: 'bandwidth-changed', bandwidth: raced, by: 'x' });
        return found;
      },
    });
    try {
      expect((await act('pause')).body).toMatchObject({ state: 'paused', version: 5 });
    } finally {
      Object.assign(migrations, { get: original });
    }
  });

  it('changes the bandwidth', async () => {
    expect((await act('change-bandwidth', { bandwidth: 1000 })).body.options.bandwidth).toBe(1000);
    expect((await act('change-bandwidth', { bandwidth: null })).body.options.bandwidth).toBeNull();
    for (const bandwidth of [0, -1, 1.5, '5', 2 ** 60])
      expect((await act('change-bandwidth', { bandwidth })).status).toBe(422);
  });
});

describe('replacing the link', () => {
  it('looks at the new one, seals it, and forgets the old one', async () => {
    await using server = await startTestServer();
    server.guard(({ path }) => (path.includes(`sig=${PLANTED}`) ? undefined : { status: 403 }));
    const link = `${server.serve('/d', { content: new Uint8Array(100), etag: '"e"' })}?sig=${PLANTED}`;
    const { body, status } = await act('replace-link', { link });
    expect(status).toBe(200);
    expect(body.images[0].source).toMatchObject({ link: expect.stringMatching(/\?sig=\*\*\*$/), hasCredentials: true });
    const first = (await stores.migrations.get(id)).images[0]?.source.credentials ?? '';
    expect((await stores.secrets.open(first)).link).toBe(link);
    await act('replace-link', { link });
    await expect(stores.secrets.open(first)).rejects.toMatchObject({ code: 'secret-unreadable' });
    const second = (await stores.migrations.get(id)).images[0]?.source.credentials ?? '';
    expect((await stores.secrets.open(second)).link).toBe(link);
  });

  it('refuses one that cannot be read, and changes nothing', async () => {
    await using server = await startTestServer();
    server.guard(() => ({ status: 403 }));
    const link = `${server.serve('/d', { content: new Uint8Array(100), etag: '"e"' })}?sig=${PLANTED}`;
    const before = await stores.migrations.get(id);
    const { status, body, text } = await act('replace-link', { link });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'source-denied' });
    expect(text).not.toContain(PLANTED);
    expect(await stores.migrations.get(id)).toEqual(before);
  });

  it('accepts what only a worker elsewhere may reach', async () => {
    scene.found = { label: 'provider:other' };
    const images = [{ source: { link: 'https://images.example/d' }, target: { volume: 'v-else' } }];
    id = (await send('operator', 'POST /migrations', migrationInput({ images }))).body.id;
    scene.found = {};
    const { status, body } = await act('replace-link', { link: 'http://127.0.0.1:9/d' });
    expect({ status, link: body.images?.[0].source.link }).toEqual({ status: 200, link: 'http://127.0.0.1:9/d' });
  });

  it('is not asked of the network where it is not allowed, or there is no such image', async () => {
    await using server = await startTestServer();
    const link = server.serve('/d', { content: new Uint8Array(100), etag: '"e"' });
    expect((await act('replace-link', { link, image: 1 })).body.errors[0].pointer).toBe('/image');
    await act('cancel');
    expect((await act('replace-link', { link })).body.refusal.code).toBe('already-cancelled');
    expect(server.requests).toHaveLength(0);
  });
});
