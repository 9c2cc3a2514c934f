import { AwsV4Signer } from 'aws4fetch';
import { describe, expect, it } from 'vitest';
import { collect } from '../../../testing/memory-bytes.ts';
import { isSignedForS3, KEYS, startObjectStore } from '../../../testing/object-store.ts';
import { sourceConformance } from '../../../testing/source-conformance.ts';
import { openSource } from '../open-source.ts';

const KEY = 'images/a b+c ü//disk (1).img?x#y';

sourceConformance('an object of S3, path style', async (content) => {
  const store = await startObjectStore('s3');
  const object = { content, etag: '"one"' };
  store.put(`/bucket/${KEY}`, object);
  return {
    source: openSource(`s3://bucket/${KEY}`, { endpoint: store.origin, credentials: KEYS }),
    change: async (other) => void Object.assign(object, { content: other, etag: '"two"' }),
    secrets: Object.values(KEYS),
    dispose: () => store[Symbol.asyncDispose](),
  };
});

const resolve = async () => [{ address: '127.0.0.1', family: 4 }];

describe('S3', () => {
  it('signs as the documented example of GET Object', async () => {
    // https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
    const signer = new AwsV4Signer({
      url: 'https://examplebucket.s3.amazonaws.com/test.txt',
      headers: {
        range: 'bytes=0-9',
        'x-amz-content-sha256': 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      },
      accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
      secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
      service: 's3',
      region: 'us-east-1',
      datetime: '20130524T000000Z',
      allHeaders: true,
    });
    const { headers } = await signer.sign();
    expect(headers.get('authorization')).toContain(
      'Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    );
  });

  it('is refused with a wrong secret, without one, and in no other way', async () => {
    await using store = await startObjectStore('s3');
    store.put('/bucket/key', { content: new Uint8Array(5), etag: '"e"' });
    const endpoint = store.origin;
    for (const credentials of [
      undefined,
      { ...KEYS, secretAccessKey: 'wrong' },
      { ...KEYS, sessionToken: undefined },
    ]) {
      await using source = openSource('s3://bucket/key', { endpoint, credentials });
      await expect(source.identify()).rejects.toMatchObject({ code: 'source-denied' });
    }
    await using source = openSource('s3://bucket/key', { endpoint, credentials: async () => KEYS, region: 'ap-tokyo' });
    expect(await source.identify()).toMatchObject({ size: 5 });
  });

  it('is read anonymously where that is allowed', async () => {
    await using store = await startObjectStore('s3', { anonymous: true });
    store.put('/bucket/key', { content: new Uint8Array(5), etag: '"e"' });
    await using source = openSource('s3://bucket/key', { endpoint: store.origin });
    expect(await source.identify()).toMatchObject({ size: 5, etag: '"e"' });
    expect(store.requests[0]?.headers['authorization']).toBeUndefined();
  });

  it('goes on reading the version that it saw first, also when a newer one is there', async () => {
    await using store = await startObjectStore('s3');
    store.put('/bucket/key', { content: Buffer.from('first'), etag: '"1"' }, 'v/1');
    await using source = openSource('s3://bucket/key', { endpoint: store.origin, credentials: KEYS });
    const identity = await source.identify();
    expect(identity.version).toBe('v/1');
    store.put('/bucket/key', { content: Buffer.from('other'), etag: '"2"' }, 'v/2');
    expect(Buffer.from(await collect(await source.stream({ expect: identity }))).toString()).toBe('first');
    expect(store.requests.at(-1)?.path).toBe('/bucket/key?versionId=v%2F1');
  });

  it('puts the bucket into the host name where the store is Amazon, or on request', async () => {
    await using store = await startObjectStore('s3');
    store.put('/key', { content: new Uint8Array(3), etag: '"e"' });
    const endpoint = `http://s3.test:${store.port}`;
    await using source = openSource('s3://bucket/key', { endpoint, resolve, credentials: KEYS, pathStyle: false });
    expect(await source.identify()).toMatchObject({ size: 3 });
    expect(store.requests[0]?.headers['host']).toBe(`bucket.s3.test:${store.port}`);
    expect(isSignedForS3(store.requests[0] as never)).toBe(true);
  });

  it('takes a redirect for a wrong region and says which one is right', async () => {
    await using store = await startObjectStore('s3');
    store.put('/bucket/key', { content: new Uint8Array(3) });
    const headers = { location: 'http://127.0.0.1:9/', 'x-amz-bucket-region': 'eu-central-1' };
    store.fault({ kind: 'status', status: 301, headers, body: '<Error><Code>PermanentRedirect</Code></Error>' });
    await using source = openSource('s3://bucket/key', { endpoint: store.origin, credentials: KEYS });
    const hint = expect.stringContaining('eu-central-1');
    await expect(source.identify()).rejects.toMatchObject({ code: 'source-redirect', hint });
  });

  it('refuses a key that a link would resolve away', () => {
    expect(() => openSource('s3://bucket/a/../b')).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
