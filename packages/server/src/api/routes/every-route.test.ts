import { ACTION_ROLES, ROLES } from '@diskferry/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import { apiScene, PASSWORD } from '../../../testing/api-scene.ts';

const scene = await apiScene();
afterAll(() => scene[Symbol.asyncDispose]());

const { operations } = scene.answers;
const open = operations.filter(({ described }) => described.security.length === 0);
const closed = operations.filter(({ described }) => described.security.length > 0);
const urlOf = (path: string): string => path.replace('{id}', 'some-id');
const changes = ({ method }: { readonly method: string }) => method !== 'get';

async function signedIn(): Promise<{ cookie: string; csrf: string }> {
  const { headers, body } = await scene.answers.send({
    method: 'POST',
    url: '/api/v1/session',
    payload: { name: 'admin', password: PASSWORD },
  });
  return { cookie: String(headers['set-cookie']).split(';')[0] ?? '', csrf: body.csrf };
}

describe('every route', () => {
  it('is there', () => {
    expect(operations.length).toBeGreaterThan(40);
    expect(new Set(operations.map(({ described }) => described.operationId)).size).toBe(operations.length);
    expect(open.map(({ described }) => described.operationId)).toEqual(['signIn']);
  });

  it.each(closed.map((each) => [each.described.operationId, each] as const))('%s needs somebody', async (_id, each) => {
    const request = { method: each.method.toUpperCase() as 'GET', url: urlOf(each.path) };
    const nobody: Record<string, string>[] = [
      {},
      { authorization: 'Bearer wrong' },
      { authorization: 'Basic eDp5' },
      { cookie: 'diskferry=x' },
    ];
    for (const headers of nobody) {
      const { status, body } = await scene.answers.send({ ...request, headers });
      expect({ status, code: body.code }).toEqual({ status: 401, code: 'not-signed-in' });
    }
  });

  it.each(closed.filter(changes).map((each) => [each.described.operationId, each] as const))(
    '%s by session needs its number, and no page of others',
    async (_id, each) => {
      const { cookie, csrf } = session;
      const request = { method: each.method.toUpperCase() as 'POST', url: urlOf(each.path) };
      const refused: Record<string, string>[] = [
        { cookie },
        { cookie, 'x-csrf-token': 'x'.repeat(csrf.length) },
        { cookie, 'x-csrf-token': csrf, origin: 'https://evil.example' },
        { cookie, 'x-csrf-token': csrf, origin: 'null' },
        { cookie, 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' },
      ];
      for (const headers of refused) {
        const { status, body } = await scene.answers.send({ ...request, headers });
        expect({ status, code: body.code }).toEqual({ status: 403, code: 'csrf-refused' });
      }
    },
  );

  it('answers a host name that is not ours with nothing', async () => {
    for (const host of ['evil.example', 'localhost.evil.example', '127.0.0.1.nip.io:7070', '10.0.0.1', '[::2]']) {
      const response = await scene.api.inject({ url: '/api/v1/migrations', headers: { host } });
      expect(response.json().code).toBe('host-not-allowed');
    }
    for (const host of ['localhost', '127.0.0.1:7070', '[::1]:7070', 'LOCALHOST:1', 'localhost.']) {
      const response = await scene.api.inject({ url: '/api/v1/migrations', headers: { host } });
      expect(response.json().code).toBe('not-signed-in');
    }
  });
});

const session = await signedIn();

describe('roles', () => {
  const samples: readonly (readonly [keyof typeof ACTION_ROLES, string])[] = [
    ['migration.read', 'GET /migrations'],
    ['migration.create', 'POST /migrations'],
    ['migration.pause', 'POST /migrations/x/actions/pause'],
    ['migration.replace-link', 'POST /migrations/x/actions/replace-link'],
    ['preflight.run', 'POST /preflight'],
    ['receipt.read', 'GET /migrations/x/receipt'],
    ['instance.read', 'GET /instances'],
    ['instance.create', 'POST /instances'],
    ['instance.stop', 'POST /instances/x/actions/stop'],
    ['instance.read-console', 'GET /instances/x/serial'],
    ['instance.write-console', 'POST /instances/x/serial'],
    ['volume.grow', 'POST /volumes/x/actions/grow'],
    ['volume.delete', 'DELETE /volumes/x'],
    ['image.read', 'GET /images'],
    ['image.forget', 'DELETE /images/x'],
    ['worker.read', 'GET /workers'],
    ['settings.read', 'GET /settings'],
    ['settings.change', 'PUT /settings'],
    ['user.read', 'GET /users'],
    ['user.create', 'POST /users'],
    ['token.create', 'POST /tokens'],
    ['audit.read', 'GET /audit'],
  ];

  it.each(samples)('%s is for those of its role', async (action, request) => {
    for (const role of ROLES) {
      const allowed = ROLES.indexOf(role) <= ROLES.indexOf(ACTION_ROLES[action]);
      const { status, body } = await scene.send(role, request);
      if (allowed) expect(body?.code).not.toBe('not-allowed');
      else expect({ status, code: body.code }).toEqual({ status: 403, code: 'not-allowed' });
    }
  });
});
