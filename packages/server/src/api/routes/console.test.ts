import { gunzipSync, gzipSync } from 'node:zlib';
import { CONSOLE_PLACES } from '@diskferry/protocol';
import { afterAll, describe, expect, it } from 'vitest';
import type { ConsoleFile } from '../../console/console-files.ts';
import { apiScene } from '../../../testing/api-scene.ts';

const file = (path: string, text: string, type: string): ConsoleFile => {
  const bytes = Buffer.from(text);
  return { path, type, bytes, gzip: gzipSync(bytes), isForever: path.startsWith('/assets/') };
};
const PAGE = '<!doctype html><title>Diskferry</title>';
const FILES = [
  file('/index.html', PAGE, 'text/html; charset=utf-8'),
  file('/assets/index-1a.js', 'export {};', 'text/javascript; charset=utf-8'),
];

const scene = await apiScene({ console: FILES });
afterAll(() => scene[Symbol.asyncDispose]());

describe('the console', () => {
  it('is shown to anyone, at its own addresses and below them', async () => {
    for (const url of ['/', ...CONSOLE_PLACES.flatMap((place) => [`/${place}`, `/${place}/x/y?a=b`])]) {
      const { statusCode, headers, body } = await scene.api.inject({ method: 'GET', url });
      expect([url, statusCode, headers['content-type'], body]).toEqual([url, 200, 'text/html; charset=utf-8', PAGE]);
      expect(headers['cache-control']).toBe('no-store');
      expect(headers['content-security-policy']).toMatch(/script-src 'self'; style-src 'self';/);
    }
  });

  it.each([
    '/nowhere',
    '/instancesX',
    '/assets/',
    '/assets/../index.html',
    '/assets/%2e%2e/index.html',
    '/index.html',
    '/api/v1/x',
  ])('is not what %s gets', async (url) => {
    const { statusCode, headers } = await scene.api.inject({ method: 'GET', url });
    expect([statusCode, headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
  });

  it('gives files whose names change with their content for a year, and packed to those who take it', async () => {
    const url = '/assets/index-1a.js';
    const plain = await scene.api.inject({ method: 'GET', url });
    expect([plain.body, plain.headers['content-encoding']]).toEqual(['export {};', undefined]);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const packed = await scene.api.inject({ method: 'GET', url, headers: { 'accept-encoding': 'br, gzip' } });
    expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    expect(gunzipSync(packed.rawPayload).toString()).toBe('export {};');
  });

  it('takes nothing', async () => {
    expect((await scene.api.inject({ method: 'POST', url: '/' })).statusCode).toBe(405);
  });

  it('is missing where it was not built, and the rest works', async () => {
    await using bare = await apiScene();
    expect((await bare.api.inject({ method: 'GET', url: '/' })).statusCode).toBe(404);
    expect((await bare.api.inject({ method: 'GET', url: '/healthz' })).statusCode).toBe(200);
  });
});
