import { afterAll, describe, expect, it } from 'vitest';
import { migrationInput, PLANTED } from '../../../testing/api-requests.ts';
import { apiScene, PASSWORD } from '../../../testing/api-scene.ts';

const scene = await apiScene();
const { send, answers, stores } = scene;
afterAll(() => scene[Symbol.asyncDispose]());

const signIn = (payload: object, remoteAddress = '127.0.0.1') => {
  return answers.send({ method: 'POST', url: '/api/v1/session', payload, remoteAddress });
};

const count = async () => (await stores.audit.list({ limit: 500 })).entries.length;

async function session(name: string): Promise<{ readonly cookie: string; readonly csrf: string }> {
  const { headers, body } = await signIn({ name, password: PASSWORD });
  return { cookie: String(headers['set-cookie']).split(';')[0] ?? '', csrf: body.csrf };
}

describe('a session', () => {
  it('begins with a cookie that no script reads and no other site sends', async () => {
    const { status, body, headers } = await signIn({ name: 'operator', password: PASSWORD });
    expect(status).toBe(201);
    expect(body).toMatchObject({ kind: 'user', name: 'operator', role: 'operator' });
    expect(body.may).toContain('migration.create');
    expect(body.may).not.toContain('user.create');
    expect(headers['set-cookie']).toMatch(/^diskferry=[^;]{20,}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  });

  it('does what its number allows, and ends', async () => {
    const { cookie, csrf } = await session('operator');
    const create = () =>
      answers.send({
        method: 'POST',
        url: '/api/v1/migrations',
        headers: { cookie, 'x-csrf-token': csrf, origin: 'http://localhost', 'sec-fetch-site': 'same-origin' },
        payload: migrationInput({ images: [{ source: { link: 's3://bucket/key' }, target: { volume: 'p-1' } }] }),
      });
    expect((await create()).status).toBe(201);
    const who = () => answers.send({ method: 'GET', url: '/api/v1/session', headers: { cookie } });
    expect((await who()).body).toMatchObject({ name: 'operator', csrf });
    const out = { cookie, 'x-csrf-token': csrf };
    const { status, headers } = await answers.send({ method: 'DELETE', url: '/api/v1/session', headers: out });
    expect({ status, cookie: headers['set-cookie'] }).toMatchObject({ status: 204, cookie: /Max-Age=0/ });
    expect((await who()).status).toBe(401);
    expect((await create()).status).toBe(401);
  });

  it('is refused to whoever does not know the password, the same for every name', async () => {
    for (const name of ['operator', 'nobody']) {
      const { status, body, headers } = await signIn({ name, password: 'wrong' });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'sign-in-failed' });
      expect(headers['set-cookie']).toBeUndefined();
    }
    for (const payload of [
      {},
      { name: 'x' },
      { password: 'x' },
      { code: 'x', name: 'y' },
      { code: 'x', password: 'y' },
    ]) {
      expect((await signIn(payload)).status).toBe(422);
    }
  });

  it('says when to come again after too many tries', async () => {
    const tries = [];
    for (let count = 0; count < 30; count += 1)
      tries.push(await signIn({ name: 'viewer', password: `${count}` }, '10.1.1.1'));
    const last = tries.at(-1);
    expect({ status: last?.status, code: last?.body.code }).toEqual({ status: 429, code: 'too-many-tries' });
    expect(Number(last?.headers['retry-after'])).toBeGreaterThan(0);
    expect(last?.body.retryAfter).toBe(Number(last?.headers['retry-after']));
  });
});

describe('users and tokens', () => {
  it('are made, changed and deleted', async () => {
    const { body: user } = await send('admin', 'POST /users', {
      name: 'zoe',
      role: 'viewer',
      password: `${PASSWORD}2`,
    });
    const { body: link, status } = await send('admin', `POST /users/${user.id}/sign-in-link`);
    expect(status).toBe(201);
    const { body: who } = await signIn({ code: link.code });
    expect(who).toMatchObject({ name: 'zoe', role: 'viewer' });
    expect((await signIn({ code: link.code })).status).toBe(401);
    expect((await send('admin', `PATCH /users/${user.id}`, { role: 'operator' })).body.role).toBe('operator');
    expect((await send('admin', `DELETE /users/${user.id}`)).status).toBe(204);
    expect((await send('admin', `POST /users/${user.id}/sign-in-link`)).status).toBe(404);
    const { body: users } = await send('admin', 'GET /users');
    expect(users.items.map(({ name }: { name: string }) => name)).toEqual(['admin', 'operator', 'viewer']);
  });

  it('shows the secret of a token once, and nothing of it later', async () => {
    const { body, status } = await send('admin', 'POST /tokens', { name: 'ci', role: 'operator' });
    expect(status).toBe(201);
    const headers = { authorization: `Bearer ${body.secret}` };
    const who = () => answers.send({ method: 'GET', url: '/api/v1/session', headers });
    expect((await who()).body).toMatchObject({ kind: 'token', name: 'ci', role: 'operator', csrf: null });
    const { text } = await send('admin', 'GET /tokens');
    expect(text).not.toContain(body.secret);
    expect((await send('admin', `DELETE /tokens/${body.token.id}`)).status).toBe(204);
    expect((await who()).status).toBe(401);
  });

  it('keep the last admin', async () => {
    const { body } = await send('admin', 'GET /users');
    const admin = body.items.find(({ role }: { role: string }) => role === 'admin');
    for (const change of [{ role: 'viewer' }, { disabled: true }]) {
      expect((await send('admin', `PATCH /users/${admin.id}`, change)).body.code).toBe('last-admin');
    }
    expect((await send('admin', `DELETE /users/${admin.id}`)).body.code).toBe('last-admin');
  });
});

describe('the audit log', () => {
  it('has every change, done or refused, with who and from where', async () => {
    const password = `${PASSWORD}-${PLANTED}`;
    const { body: user } = await send('admin', 'POST /users', { name: 'kim', role: 'viewer', password });
    await send('viewer', 'POST /users', { name: 'kay', role: 'admin', password });
    await send('admin', `PATCH /users/${user.id}`, { password, disabled: true });
    await send('admin', 'PUT /settings', { settings: 1, version: 0 });
    await signIn({ name: 'operator', password: 'wrong' });
    await signIn({ name: 'operator', password: PASSWORD });
    const { body, text } = await send('admin', 'GET /audit?limit=6');
    const lines = body.items.map(({ who, action, outcome, from }: any) => [who, action, outcome, from]);
    expect(lines).toEqual([
      ['operator', 'sign-in', 'done', '127.0.0.1'],
      ['operator', 'sign-in', 'refused', '127.0.0.1'],
      ['token admin-token', 'settings.change', 'refused', '127.0.0.1'],
      ['token admin-token', 'user.change', 'done', '127.0.0.1'],
      ['token viewer-token', 'user.create', 'refused', '127.0.0.1'],
      ['token admin-token', 'user.create', 'done', '127.0.0.1'],
    ]);
    expect(body.items[3]).toMatchObject({ target: `user:${user.id}`, detail: 'new password, disabled' });
    expect(text + scene.log.join('')).not.toContain(PLANTED);
    const { body: filtered } = await send('admin', `GET /audit?target=user:${user.id}`);
    expect(filtered.items).toHaveLength(2);
  });

  it('is not filled by nobody, and not by looking', async () => {
    const before = await count();
    await answers.send({ method: 'POST', url: '/api/v1/migrations', payload: {} });
    await send('viewer', 'GET /migrations');
    await send('operator', 'POST /preflight', migrationInput());
    expect(await count()).toBe(before);
  });
});

describe('settings', () => {
  it('are changed by the version that was read', async () => {
    const { body, headers } = await send('viewer', 'GET /settings');
    expect(headers['etag']).toBe(`"${body.version}"`);
    const window = { from: '22:00', to: '06:00', rate: 5 };
    const settings = { ...body.settings, bandwidth: { global: { rate: 10, windows: [window] }, hosts: {} } };
    const { body: written } = await send('admin', 'PUT /settings', { settings, version: body.version });
    expect(written).toEqual({ settings, version: body.version + 1 });
    const stale = await send('admin', 'PUT /settings', { settings, version: body.version });
    expect({ status: stale.status, code: stale.body.code }).toEqual({ status: 409, code: 'version-conflict' });
    expect((await send('viewer', 'GET /settings')).body).toEqual(written);
  });
});
