import { afterAll, describe, expect, it } from 'vitest';
import { apiScene } from '../../../testing/api-scene.ts';
import { dataRequest } from '../../../testing/requests.ts';
import { ServiceError } from '../../base/errors.ts';

const scene = await apiScene();
afterAll(() => scene[Symbol.asyncDispose]());
const get = (url: string, headers: Record<string, string> = {}) => {
  return scene.api.inject({ url, headers: { host: 'localhost', ...headers } });
};
const token = { authorization: `Bearer ${scene.tokens.viewer}` };

describe('health', () => {
  it('is alive, and ready once a worker was seen', async () => {
    expect((await get('/healthz')).json()).toEqual({ alive: true, version: '0.1.0' });
    expect((await get('/readyz')).json()).toEqual({ ready: false, store: true, worker: false });
    const worker = {
      id: 'w',
      host: 'h',
      version: '1',
      labels: [],
      concurrency: 2,
      startedAt: 1,
      busyWith: [],
      draining: false,
    };
    await scene.stores.fleet.report(worker);
    const { statusCode, body } = await get('/readyz');
    expect({ statusCode, body }).toEqual({ statusCode: 200, body: '{"ready":true,"store":true,"worker":true}' });
  });

  it('is not ready while the database does not answer', async () => {
    const { ping } = scene.stores;
    for (const broken of [
      () => Promise.reject(new ServiceError('store-unavailable', 'gone')),
      () => new Promise<void>(() => {}),
    ]) {
      const own = await apiScene({ stores: { ...scene.stores, ping: broken } });
      const response = await own.api.inject({ url: '/readyz', headers: { host: 'localhost' } });
      expect(response.statusCode).toBe(503);
      expect(response.json()).toEqual({ ready: false, store: false, worker: false });
      await own[Symbol.asyncDispose]();
    }
    expect(scene.stores.ping).toBe(ping);
  });

  it('gives measurements to those who may look', async () => {
    await scene.stores.migrations.create(dataRequest('a'));
    await get('/api/v1/migrations/some-id', token);
    expect((await get('/metrics')).statusCode).toBe(401);
    const { body, headers } = await get('/metrics', token);
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toContain('diskferry_migrations{state="queued"} 1\n');
    expect(body).toContain('diskferry_migrations{state="failed"} 0\n');
    expect(body).toContain('diskferry_workers{draining="false"} 1\n');
    expect(body).toContain('diskferry_running_bytes_per_second{of="landed"} 0\n');
    expect(body).toMatch(
      /http_request_seconds_count\{method="GET",route="\/api\/v1\/migrations\/:id",status="404"\} 1/,
    );
    expect(body).not.toContain('some-id');
  });
});

describe('the document', () => {
  it('is OpenAPI 3.1 of every route, and a page to read without a script', async () => {
    const document = (await get('/api/v1/openapi.json')).json();
    expect(document.openapi).toBe('3.1.0');
    const paths = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods as object).map((m) => `${m} ${path}`),
    );
    expect(paths).toContain('post /api/v1/migrations/{id}/actions/replace-link');
    const references = JSON.stringify(document).match(/#\/components\/schemas\/\w+/g) ?? [];
    const known = Object.keys(document.components.schemas);
    expect([...new Set(references)].every((each) => known.includes(each.split('/')[3] ?? ''))).toBe(true);
    const page = await get('/api/v1/docs');
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body).not.toMatch(/<script|https?:\/\/|style=/i);
    for (const path of Object.keys(document.paths)) expect(page.body).toContain(path);
    expect((await get('/api/v1/docs.css')).headers['content-type']).toContain('text/css');
  });
});
