import { DiskferryError } from '@diskferry/engine';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PLANTED } from '../../../testing/api-requests.ts';
import { apiScene } from '../../../testing/api-scene.ts';
import { ServiceError } from '../../base/errors.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import { problemOf } from './problem-of.ts';

describe('problemOf()', () => {
  it('has code, status, title and remedy of each kind of error', () => {
    expect(problemOf(new ServiceError('resource-locked', 'm-7 has it', { holder: 'm-7' }), 'en')).toMatchObject({
      type: '/errors/resource-locked',
      status: 409,
      detail: 'm-7 has it',
      holder: 'm-7',
    });
    expect(problemOf(new ProviderError('held', 'm-7 writes it'), 'ja')).toMatchObject({ status: 409, title: /使用中/ });
    const expired = new DiskferryError('source-expired', 'it expired');
    expect(problemOf(expired, 'en')).toMatchObject({ status: 422, remedy: expect.stringMatching(/^Replace the link/) });
    expect(problemOf(new DiskferryError('source-unreachable', 'x'), 'zh').status).toBe(502);
    expect(problemOf(new ServiceError('too-many-tries', 'x', { retryAfterMs: 1500 }), 'en').retryAfter).toBe(2);
  });

  it('prefers a hint that knows the case, in English', () => {
    const error = new ProviderError('hypervisor-missing', 'x', { hint: 'Install it here.' });
    expect(problemOf(error, 'en').remedy).toBe('Install it here.');
    expect(problemOf(error, 'ja').remedy).toContain('apt-get');
  });

  it('tells nothing of what nobody foresaw but a number', () => {
    for (const thrown of [
      new Error(PLANTED),
      PLANTED,
      undefined,
      { message: PLANTED },
      new DiskferryError('internal', PLANTED),
    ]) {
      const problem = problemOf(thrown, 'en');
      expect(problem).toMatchObject({ status: 500, code: 'internal-error' });
      expect(problem.detail).toContain(problem.incident);
      expect(JSON.stringify(problem)).not.toContain(PLANTED);
    }
  });
});

describe('answers', async () => {
  const scene = await apiScene();
  let port = 0;
  beforeAll(async () => {
    port = Number(new URL(await scene.api.listen({ port: 0, host: '127.0.0.1' })).port);
  });
  afterAll(() => scene[Symbol.asyncDispose]());

  it('of what nobody foresaw name the number that stands in the log', async () => {
    const { list } = scene.stores.migrations;
    Object.assign(scene.stores.migrations, { list: async () => Promise.reject(new Error('inside')) });
    const { status, body, text } = await scene.send('viewer', 'GET /migrations');
    Object.assign(scene.stores.migrations, { list });
    expect(status).toBe(500);
    expect(text).not.toContain('inside');
    const line = scene.log.find((each) => each.includes(body.incident)) ?? '';
    expect(line).toContain('inside');
  });

  it('are in the language that was asked for', async () => {
    const titles = [];
    for (const language of ['en', 'ja', 'zh', 'de', 'zh-TW;q=0.5, ja;q=0.4', 'xx, *;q=0']) {
      const { body, headers } = await scene.send('viewer', 'GET /migrations/none', undefined, {
        'accept-language': language,
      });
      titles.push(`${String(headers['content-language'])} ${body.title}`);
    }
    expect(titles).toEqual([
      'en There is nothing with this id.',
      'ja その ID のものはありません。',
      'zh 没有该 ID 对应的内容。',
      'en There is nothing with this id.',
      'zh 没有该 ID 对应的内容。',
      'en There is nothing with this id.',
    ]);
  });

  it('name the methods of an address', async () => {
    const { status, headers, body } = await scene.send('viewer', 'PATCH /migrations');
    expect({ status, allow: headers['allow'], code: body.code }).toEqual({
      status: 405,
      allow: 'GET, HEAD, POST',
      code: 'method-not-allowed',
    });
  });

  it('carry the headers that keep pages of others out', async () => {
    const { headers } = await scene.send('viewer', 'GET /migrations');
    expect(headers).toMatchObject({
      'content-security-policy': expect.stringContaining("default-src 'none'"),
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    });
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['headers without end', `GET / HTTP/1.1\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`, 431],
    ['no host', 'GET /api/v1/migrations HTTP/1.0\r\n\r\n', 421],
    ['two lengths', 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx', 400],
  ])('are problems even to %s', async (_what, sent, status) => {
    const answer = await new Promise<string>((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(sent));
      socket
        .on('data', (bytes) => (text += bytes))
        .on('close', () => resolve(text))
        .on('error', reject);
      setTimeout(() => socket.end(), 500);
    });
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('application/problem+json');
  });
});
