import { describe, expect, it } from 'vitest';
import { ServiceError } from '../base/errors.ts';
import {
  dataOf,
  evidenceIn,
  foundAt,
  partitionedDisk,
  sceneWith,
  verdictIn,
  volumeFor,
} from '../../testing/preflight-scene.ts';
import { KEYS, startObjectStore, startTestServer } from '../../testing/served.ts';
import type { CheckCode } from './catalogue.ts';
import { compareRegions } from './link-checks.ts';
import { preflight } from './preflight.ts';

const OBJECT = { content: partitionedDisk(1024 * 1024), etag: '"e"' };
const XML = (code: string) => `<Error><Code>${code}</Code><Message>Request has expired</Message></Error>`;
const unsealable = () => Promise.reject(new ServiceError('secret-unreadable', 'sealed with another key'));

describe('a link', () => {
  it('that can be read passes, and says what was read', async () => {
    await using server = await startTestServer();
    const report = await preflight(dataOf({ link: server.serve('/disk.img', OBJECT) }), sceneWith());
    expect(verdictIn(report, 'link-readable')).toBe('pass');
    expect(evidenceIn(report, 'link-readable')).toContain('1048576 bytes (1 MiB), read by ranges');
    expect(evidenceIn(report, 'object-pinned')).toBe('ETag "e"');
    expect(report.checks.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(server.requests[0]).toMatchObject({ method: 'GET', headers: { range: 'bytes=0-0' } });
  });

  const answers: [what: string, answer: { status: number; body?: string }, code: CheckCode, waitsFor: string][] = [
    ['is not there', { status: 404 }, 'link-not-found', 'link'],
    ['is gone', { status: 410 }, 'link-not-found', 'link'],
    ['is denied', { status: 403, body: '<Code>AccessDenied</Code>' }, 'link-denied', 'credentials'],
    ['has no credentials', { status: 401 }, 'link-denied', 'credentials'],
    ['has expired', { status: 403, body: XML('AccessDenied') }, 'link-expired', 'link'],
    ['has an expired token', { status: 403, body: XML('ExpiredToken') }, 'link-expired', 'link'],
    ['is on a busy server', { status: 503 }, 'link-unreachable', 'person'],
    ['is answered oddly', { status: 418 }, 'link-untrusted', 'link'],
  ];
  it.each(answers)('that %s blocks', async (_what, answer, code, waitsFor) => {
    await using server = await startTestServer();
    server.guard(() => answer);
    const report = await preflight(dataOf({ link: server.serve('/disk.img', OBJECT) }), sceneWith());
    const found = report.checks.find((check) => check.code === code);
    expect(found).toMatchObject({ verdict: 'block', image: 0, waitsFor, remedy: expect.any(String) });
    expect(found?.evidence).toContain(`answers ${answer.status}`);
    expect(verdictIn(report, 'link-readable')).toBeUndefined();
    expect(report.images[0]).toMatchObject({ identity: null, fileSize: null });
  });

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://metadata.google.internal@169.254.169.254/',
    'http://[::ffff:169.254.169.254]/',
    'http://2852039166/',
    'http://127.0.0.2/',
    'file:///etc/passwd',
  ])('to %s is not allowed', async (link) => {
    const report = await preflight(dataOf({ link }), sceneWith());
    expect(verdictIn(report, 'link-not-allowed')).toBe('block');
    expect(JSON.stringify(report)).not.toContain('--');
  });

  it('that cannot be reached blocks, and one that breaks once does not', async () => {
    const server = await startTestServer();
    const link = server.serve('/disk.img', OBJECT);
    server.fault({ kind: 'reset', after: 0 });
    expect(verdictIn(await preflight(dataOf({ link }), sceneWith()), 'link-readable')).toBe('pass');
    await server[Symbol.asyncDispose]();
    const report = await preflight(dataOf({ link }), sceneWith());
    expect(verdictIn(report, 'link-unreachable')).toBe('block');
    expect(evidenceIn(report, 'link-unreachable')).toContain('source-unreachable');
  });

  it('that is none blocks', async () => {
    const report = await preflight(dataOf({ link: 'gopher://me:s3cret@host/' }), sceneWith());
    expect(verdictIn(report, 'link-wrong')).toBe('block');
    expect(JSON.stringify(report)).not.toContain('s3cret');
  });

  it('whose secret cannot be opened waits for credentials', async () => {
    const report = await preflight(dataOf({ link: 'https://images.example/d' }), sceneWith({ openSource: unsealable }));
    expect(report.checks.find(({ code }) => code === 'credentials-unreadable')).toMatchObject({
      verdict: 'block',
      waitsFor: 'credentials',
      evidence: 'sealed with another key (secret-unreadable)',
    });
  });

  it('without a validator blocks', async () => {
    await using server = await startTestServer();
    const link = server.serve('/disk.img', { content: OBJECT.content });
    expect(verdictIn(await preflight(dataOf({ link }), sceneWith()), 'object-pinned')).toBe('block');
  });

  it('opens with keys, and never shows a secret', async () => {
    await using store = await startObjectStore('s3');
    store.put('/bucket/disk.img', OBJECT);
    const request = dataOf({ link: 's3://bucket/disk.img', endpoint: store.origin, pathStyle: true });
    const right = await preflight(request, sceneWith({ secret: KEYS }));
    expect(verdictIn(right, 'link-readable')).toBe('pass');
    const secret = { ...KEYS, secretAccessKey: 'planted' };
    const wrong = await preflight(request, sceneWith({ secret }));
    expect(evidenceIn(wrong, 'link-denied')).toContain('SignatureDoesNotMatch');
    for (const planted of ['planted', KEYS.secretAccessKey, KEYS.sessionToken]) {
      expect(JSON.stringify([right, wrong])).not.toContain(planted);
    }
  });
});

describe('the region of the bucket', () => {
  const target = foundAt(volumeFor('v', { region: 'ap-tokyo' }));

  it.each([
    ['ap-tokyo', 'pass', 'are in ap-tokyo'],
    ['AP-Tokyo', 'pass', 'are in ap-tokyo'],
    ['ap-osaka', 'block', 'the bucket is in ap-osaka, the target in ap-tokyo'],
    ['us-east-1', 'pass', 'comes from elsewhere'],
    [undefined, 'pass', 'no region'],
  ])('%s onto ap-tokyo: %s', (bucket, verdict, evidence) => {
    expect(compareRegions(bucket, target, 0)).toMatchObject({ verdict, evidence: expect.stringContaining(evidence) });
  });

  it('is the one that the link or the request tells', async () => {
    await using store = await startObjectStore('cos');
    store.put('/disk.img', OBJECT);
    const request = dataOf({ link: 'cos://images-1250000000/disk.img', endpoint: store.origin, region: 'ap-osaka' });
    const report = await preflight(request, sceneWith({ secret: KEYS }));
    expect(verdictIn(report, 'region-matches')).toBe('block');
    expect(evidenceIn(report, 'region-matches')).toContain('ap-osaka');
  });
});
