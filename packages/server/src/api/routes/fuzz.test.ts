import * as fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { wrongBodies } from '../../../testing/wrong-bodies.ts';
import { apiScene } from '../../../testing/api-scene.ts';

const scene = await apiScene();
afterAll(() => scene[Symbol.asyncDispose]());

const { answers, send, stores, provider } = scene;
const { operations } = answers;

/** All that a request could change. */
async function everything(): Promise<string> {
  const { migrations, settings, access } = stores;
  return JSON.stringify([
    (await migrations.list({ limit: 500 })).migrations,
    await settings.read(),
    await access.listUsers(),
    (await access.listTokens()).map(({ id }) => id),
    await provider.listVolumes(),
    await provider.listInstances(),
  ]);
}

const bodies = operations.filter(({ described }) => described.requestBody !== undefined);

describe('what does not fit a schema is refused with a problem, and changes nothing', () => {
  it.each(bodies.map((each) => [each.described.operationId, each] as const))(
    '%s',
    async (_id, { method, path, described }) => {
      const { schema } = described.requestBody?.content['application/json'] ?? {};
      const before = await everything();
      const wrong = wrongBodies(schema, (part) => answers.resolved(part));
      expect(wrong.length).toBeGreaterThan(5);
      for (const { what, body } of wrong) {
        const url = path.replace('/api/v1', '').replace('{id}', 'some-id');
        const { status, body: problem } = await send('admin', `${method.toUpperCase()} ${url}`, body);
        expect({ what, status, code: problem.code }).toEqual({ what, status: 422, code: 'invalid-request' });
        expect(problem.errors?.length, what).toBeGreaterThan(0);
      }
      expect(await everything()).toBe(before);
    },
  );

  const queries = operations.filter(({ described }) => described.parameters.some((one) => one.in === 'query'));
  it.each(queries.map((each) => [each.described.operationId, each] as const))('the query of %s', async (_id, each) => {
    const url = each.path.replace('/api/v1', '').replace('{id}', 'some-id');
    for (const name of [
      'unknown',
      ...each.described.parameters.filter((one) => one.in === 'query').map((one) => one.name),
    ]) {
      for (const value of ['%00', 'x'.repeat(3000), '%EF%BF%BD%01']) {
        const { status } = await send('admin', `${each.method.toUpperCase()} ${url}?${name}=${value}`);
        expect({ name, value: value.slice(0, 10), status }).toMatchObject({ status: 422 });
      }
    }
    for (const limit of ['0', '501', '-1', '1.5', '', 'NaN', '1e99', 'null']) {
      if (!each.described.parameters.some((one) => one.name === 'limit')) continue;
      expect((await send('admin', `GET ${url}?limit=${limit}`)).status, limit).toBe(422);
    }
  });
});

describe('whatever is sent', () => {
  it('is never answered with a fault of ours', async () => {
    const before = await everything();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...bodies), fc.json({ maxDepth: 4 }), async ({ method, path }, json) => {
        const response = await scene.api.inject({
          method: method.toUpperCase() as 'POST',
          url: path.replace('{id}', 'some-id'),
          headers: {
            host: 'localhost',
            authorization: `Bearer ${scene.tokens.admin}`,
            'content-type': 'application/json',
          },
          payload: json,
        });
        expect(response.statusCode).toBeGreaterThanOrEqual(400);
        expect(response.statusCode).toBeLessThan(500);
        expect(response.headers['content-type']).toContain('application/problem+json');
      }),
      { numRuns: 300 },
    );
    expect(await everything()).toBe(before);
  });

  it('is never answered with a fault of ours where ids are anything', async () => {
    const withId = operations.filter(
      ({ path }) => path.includes('{id}') && !path.endsWith('live') && !path.endsWith('progress'),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...withId),
        fc.string({ unit: 'binary', minLength: 1, maxLength: 250 }),
        async (each, id) => {
          const url = each.path.replace('{id}', encodeURIComponent(id.toWellFormed()));
          const { statusCode } = await scene.api.inject({
            method: each.method.toUpperCase() as 'GET',
            url,
            headers: { host: 'localhost', authorization: `Bearer ${scene.tokens.admin}` },
          });
          const deleted = each.method === 'delete' && statusCode === 204;
          expect(deleted || (statusCode >= 400 && statusCode < 500), `${each.method} ${url} ${statusCode}`).toBe(true);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('is refused where it is no JSON, too large, or of another kind', async () => {
    const token = { host: 'localhost', authorization: `Bearer ${scene.tokens.admin}` };
    const sent = async (payload: string, type = 'application/json', url = '/api/v1/migrations') => {
      const headers = { ...token, 'content-type': type };
      const response = await scene.api.inject({ method: 'POST', url, headers, payload });
      expect(response.headers['content-type']).toContain('application/problem+json');
      return `${response.statusCode} ${response.json().code}`;
    };
    expect(await sent('{"name":')).toBe('400 malformed-request');
    expect(await sent('')).toBe('400 malformed-request');
    expect(await sent('{"__proto__":{"role":"admin"}}')).toBe('400 malformed-request');
    expect(await sent(JSON.stringify({ name: 'x'.repeat(2 ** 20) }))).toBe('413 request-too-large');
    expect(await sent('<a/>', 'text/xml')).toBe('415 media-type-unsupported');
    expect(await sent('a=b', 'application/x-www-form-urlencoded')).toBe('415 media-type-unsupported');
    expect(await sent('{}', 'application/json', '/api/v1/none')).toBe('404 no-such-address');
    expect(await sent('{}', 'application/json', '/api/v1/%zz')).toBe('400 malformed-request');
  });
});
