import { describe, expect, it } from 'vitest';
import { openSource } from '@diskferry/engine';
import { KEYS, startObjectStore, startTestServer } from '../../testing/served.ts';
import { objectIdentity } from './identity.ts';

const ANYWHERE = { policy: { allowNamedHost: true, allowPrivate: true } };
const seen = { size: 9, etag: '"e"', lastModified: 'Thu, 26 Nov 2026 12:00:00 GMT' };

async function identityOf(link: string, options = {}): Promise<string> {
  await using source = openSource(link, { ...ANYWHERE, ...options });
  return objectIdentity(source.name, await source.identify());
}

describe('the identity of an object', () => {
  it('does not depend on the link: signed here, presigned, presigned anew', async () => {
    await using store = await startObjectStore('s3', { anonymous: true });
    const object = { content: Buffer.from('123456789'), etag: '"e"', lastModified: seen.lastModified };
    const headers = { 'x-amz-version-id': 'v1' };
    store.put('/bucket/a b.img', { ...object, headers });
    const signed = await identityOf('s3://bucket/a b.img', { endpoint: store.origin, credentials: KEYS });
    for (const query of ['X-Amz-Signature=1', 'X-Amz-Signature=2&X-Amz-Date=3']) {
      expect(await identityOf(`${store.origin}/bucket/a%20b.img?${query}`)).toBe(signed);
    }
  });

  it('does not depend on who redirects to it', async () => {
    await using server = await startTestServer();
    const link = server.serve('/disk.img', { content: Buffer.from('123456789'), etag: '"e"' });
    const straight = await identityOf(link);
    server.fault({ kind: 'redirect', to: `${link}?signed` });
    expect(await identityOf(link)).toBe(straight);
  });

  it.each([
    ['another name', 'b.img', seen],
    ['another size', 'a.img', { ...seen, size: 10 }],
    ['another ETag', 'a.img', { ...seen, etag: '"f"' }],
    ['another date', 'a.img', { ...seen, lastModified: 'Thu, 26 Nov 2026 12:00:01 GMT' }],
    ['no ETag', 'a.img', { ...seen, etag: undefined }],
    ['no ETag and a version', 'a.img', { ...seen, etag: undefined, version: 'v' }],
  ])('is another one with %s', (_what, name, identity) => {
    expect(objectIdentity(name, identity)).not.toBe(objectIdentity('a.img', seen));
  });

  it('of a file is where it lies and when it was written', () => {
    const first = objectIdentity('a.img', { size: 9, version: '1-2-3' });
    expect(objectIdentity('a.img', { size: 9, version: '1-2-4' })).not.toBe(first);
  });
});
