import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Bandwidth } from '@diskferry/engine';
import { PLAIN_SOURCE } from '../../testing/requests.ts';
import { collect, KEYS, startObjectStore, startTestServer, tempFolder } from '../../testing/served.ts';
import type { ImageSource } from '../migrations/migration.ts';
import type { Secret } from '../secrets/secret.ts';
import { imageSourceOpener } from './image-source-opener.ts';
import type { SourceRules } from './source-rules.ts';
import { splitLink } from './split-link.ts';

const STRICT: SourceRules = { allowHosts: [], allowRanges: [], folders: [] };
const LOOPBACK: SourceRules = { ...STRICT, allowRanges: ['127.0.0.1/32'] };
const OBJECT = { content: new Uint8Array(1000).fill(7), etag: '"e"' };

type Changes = Partial<ImageSource> & { readonly secret?: Secret | null };

async function sizeOf(rules: SourceRules, link: string, { secret = null, ...changes }: Changes = {}): Promise<unknown> {
  const open = imageSourceOpener(rules);
  await using source = await open({ ...PLAIN_SOURCE, link, ...changes }, { secret, hurried: true });
  return (await source.identify()).size;
}

describe('a source by its rules', async () => {
  const folder = await tempFolder();
  const path = join(folder, 'disk.img');
  await writeFile(path, OBJECT.content);

  it.each([
    '127.0.0.1',
    'localhost',
    '0x7f.1',
    '2130706433',
    '[::ffff:127.0.0.1]',
    '[::1]',
    '169.254.169.254',
    '10.0.0.1',
    '0.0.0.0',
  ])('is not at %s', async (host) => {
    await using server = await startTestServer();
    server.serve('/d', OBJECT);
    await expect(sizeOf(STRICT, `http://${host}:${server.port}/d`)).rejects.toMatchObject({ code: 'source-address' });
    expect(server.requests).toHaveLength(0);
  });

  it('is where a host or a range is listed', async () => {
    await using server = await startTestServer();
    const link = server.serve('/d', OBJECT);
    expect(await sizeOf(LOOPBACK, link)).toBe(1000);
    expect(await sizeOf({ ...STRICT, allowHosts: ['127.0.0.1'] }, link)).toBe(1000);
    const other = sizeOf({ ...STRICT, allowHosts: ['images.example'], allowRanges: ['10.0.0.0/8'] }, link);
    await expect(other).rejects.toMatchObject({ code: 'source-address' });
  });

  it('does not follow a redirect to another place than is listed, and takes no header there', async () => {
    await using server = await startTestServer();
    await using other = await startTestServer({ host: '127.0.0.2' });
    const link = server.serve('/d', OBJECT);
    const to = other.serve('/d', OBJECT);
    const secret = { link: link.replace('//', '//me:s3cret@'), headers: { 'x-token': 's3cret' } };
    server.fault({ kind: 'redirect', to }, { times: 2 });
    await expect(sizeOf(LOOPBACK, link, { secret })).rejects.toMatchObject({ code: 'source-address' });
    expect(other.requests).toHaveLength(0);
    expect(await sizeOf({ ...STRICT, allowRanges: ['127.0.0.0/8'] }, link, { secret })).toBe(1000);
    expect(server.requests.at(-1)?.headers).toMatchObject({ 'x-token': 's3cret', authorization: expect.anything() });
    expect(JSON.stringify(other.requests)).not.toContain('s3cret');
  });

  it('has its endpoint under the same rules, and its keys from the secret', async () => {
    await using store = await startObjectStore('s3');
    store.put('/bucket/key', OBJECT);
    const there = { endpoint: store.origin, pathStyle: true, secret: KEYS };
    await expect(sizeOf(STRICT, 's3://bucket/key', there)).rejects.toMatchObject({ code: 'source-address' });
    expect(store.requests).toHaveLength(0);
    expect(await sizeOf(LOOPBACK, 's3://bucket/key', there)).toBe(1000);
    const wrong = { ...there, secret: { ...KEYS, secretAccessKey: 'other' } };
    await expect(sizeOf(LOOPBACK, 's3://bucket/key', wrong)).rejects.toMatchObject({ code: 'source-denied' });
  });

  it('is opened by the whole link, which the secret has', async () => {
    await using server = await startTestServer();
    server.guard(({ path: asked }) => (asked.includes('sig=s3cret') ? undefined : { status: 403 }));
    const { shown, secret } = splitLink(`${server.serve('/d', OBJECT)}?sig=s3cret`);
    expect(await sizeOf(LOOPBACK, shown, { secret })).toBe(1000);
    await expect(sizeOf(LOOPBACK, shown)).rejects.toMatchObject({ code: 'secret-unreadable' });
  });

  it('is a file only below a listed folder', async () => {
    const link = `file://${path}`;
    await expect(sizeOf(STRICT, link)).rejects.toMatchObject({ code: 'source-not-allowed' });
    await expect(sizeOf({ ...STRICT, folders: ['/srv/none'] }, link)).rejects.toMatchObject({ code: 'source-folder' });
    const rules = { ...STRICT, folders: [folder] };
    expect(await sizeOf(rules, link)).toBe(1000);
    await symlink('/etc/passwd', join(folder, 'way-out'));
    for (const out of ['way-out', '../../etc/passwd', '%2e%2e/%2e%2e/etc/passwd']) {
      await expect(sizeOf(rules, `file://${folder}/${out}`)).rejects.toMatchObject({ code: 'source-folder' });
    }
  });

  it('needs something by which a change could be seen', async () => {
    await using server = await startTestServer();
    const link = server.serve('/d', { content: OBJECT.content });
    await expect(sizeOf(LOOPBACK, link)).rejects.toMatchObject({ code: 'source-unpinned' });
  });

  it.each([
    ['a region that is a host', 's3://bucket/key', { region: 'x.evil.example/#' }],
    ['an endpoint with a password', 's3://bucket/key', { endpoint: 'https://me:s3cret@minio.example' }],
    ['an endpoint that is none', 's3://bucket/key', { endpoint: 'minio' }],
    ['half the credentials', 's3://bucket/key', { secret: { accessKeyId: 'a' } }],
    ['a COS bucket without a region', 'cos://images-1250000000/key', {}],
    ['a checksum that is none', 'https://images.example/d', { checksum: 'sha256:12' }],
    ['a link that is none', 'gopher://me:s3cret@x/', {}],
  ] as const)('refuses %s', async (_what, link, changes) => {
    const refusal = { code: 'invalid-request', message: expect.not.stringContaining('s3cret') };
    await expect(sizeOf(STRICT, link, changes)).rejects.toMatchObject(refusal);
  });

  it('knows at once a range that is none', () => {
    expect(() => imageSourceOpener({ ...STRICT, allowRanges: ['10/8'] })).toThrow(/10\/8/);
  });

  it('counts what it reads, and keeps within every bandwidth', async () => {
    await using server = await startTestServer();
    const link = server.serve('/d', { content: new Uint8Array(300_000), etag: '"e"' });
    let counted = 0;
    const bandwidths = [new Bandwidth(1e9), new Bandwidth(500_000)];
    const count = (bytes: number): void => void (counted += bytes);
    const how = { secret: null, bandwidths, count };
    await using source = await imageSourceOpener(LOOPBACK)({ ...PLAIN_SOURCE, link }, how);
    const identity = await source.identify();
    const began = performance.now();
    await collect(await source.stream({ expect: identity }));
    await collect(await source.stream({ expect: identity }));
    expect(performance.now() - began).toBeGreaterThan(400);
    expect(counted).toBe(600_000);
  });

  it('gives up soon where it is hurried', async () => {
    await using server = await startTestServer();
    server.fault({ kind: 'status', status: 503, headers: { 'retry-after': '3600' } }, { times: 100 });
    const began = performance.now();
    await expect(sizeOf(LOOPBACK, server.serve('/d', OBJECT))).rejects.toMatchObject({ code: 'source-busy' });
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});
