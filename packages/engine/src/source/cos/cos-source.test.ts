import { createCRC64 } from 'hash-wasm';
import { describe, expect, it } from 'vitest';
import { collect } from '../../../testing/memory-bytes.ts';
import { KEYS, startObjectStore } from '../../../testing/object-store.ts';
import { sourceConformance } from '../../../testing/source-conformance.ts';
import { openSource } from '../open-source.ts';
import { cosAuthorization } from './signature.ts';

const KEY = 'images/a b+c 云//disk (1).img?x#y';

sourceConformance('an object of COS', async (content) => {
  const store = await startObjectStore('cos');
  const object = { content, etag: '"one"' };
  store.put(`/${KEY}`, object);
  return {
    source: openSource(`cos://images-1250000000/${KEY}`, { endpoint: store.origin, credentials: KEYS }),
    change: async (other) => void Object.assign(object, { content: other, etag: '"two"' }),
    secrets: Object.values(KEYS),
    dispose: () => store[Symbol.asyncDispose](),
  };
});

describe('COS', () => {
  it('signs as the documented example of a download', () => {
    // https://www.tencentcloud.com/document/product/436/7778, the second example.
    const authorization = cosAuthorization(
      {
        method: 'GET',
        path: '/exampleobject(腾讯云)',
        headers: {
          Date: 'Thu, 16 May 2019 06:55:53 GMT',
          Host: 'examplebucket-1250000000.cos.ap-beijing.myqcloud.com',
        },
        parameters: { 'response-content-type': 'application/octet-stream', 'response-cache-control': 'max-age=600' },
        from: 1557989753,
        until: 1557996953,
      },
      { accessKeyId: 'AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q', secretAccessKey: 'BQYIM75p8x0iWVFSIgqEKwFprpRSVHlz' },
    );
    expect(authorization).toBe(
      'q-sign-algorithm=sha1&q-ak=AKIDQjz3ltompVjBni5LitkWHFlFpwkn9U5q&q-sign-time=1557989753;1557996953' +
        '&q-key-time=1557989753;1557996953&q-header-list=date;host' +
        '&q-url-param-list=response-cache-control;response-content-type' +
        '&q-signature=01681b8c9d798a678e43b685a9f1bba0f6c0e012',
    );
  });

  it('is refused with a wrong secret and without one', async () => {
    await using store = await startObjectStore('cos');
    store.put('/key', { content: new Uint8Array(5), etag: '"e"' });
    for (const credentials of [
      undefined,
      { ...KEYS, secretAccessKey: 'wrong' },
      { ...KEYS, sessionToken: undefined },
    ]) {
      await using source = openSource('cos://images-1250000000/key', { endpoint: store.origin, credentials });
      await expect(source.identify()).rejects.toMatchObject({ code: 'source-denied' });
    }
  });

  it('pins the version, the parameter being signed', async () => {
    await using store = await startObjectStore('cos');
    store.put('/key', { content: Buffer.from('first'), etag: '"1"' }, 'MTg0/x=');
    const options = { endpoint: store.origin, credentials: KEYS };
    await using source = openSource('cos://images-1250000000/key', options);
    const identity = await source.identify();
    store.put('/key', { content: Buffer.from('other'), etag: '"2"' }, 'MTg1');
    expect(Buffer.from(await collect(await source.stream({ expect: identity }))).toString()).toBe('first');
  });

  it('tells the digests of the store and compares the CRC when the whole object is read', async () => {
    await using store = await startObjectStore('cos', { anonymous: true });
    const content = Buffer.from('123456789');
    const md5 = '25f9e794323b453885f5181f1b624d0b';
    const crc = BigInt(`0x${(await createCRC64()).init().update(content).digest('hex')}`).toString();
    expect(crc).toBe(BigInt('0x995dc9bbdf1939fa').toString());
    const object = { content, etag: '"e"', headers: { 'x-cos-hash-crc64ecma': crc, 'x-cos-meta-md5': md5 } };
    store.put('/key', object);
    await using source = openSource('cos://images-1250000000/key', { endpoint: store.origin });
    const identity = await source.identify();
    expect(identity.digests).toEqual({ crc64ecma: crc, md5 });
    expect(await collect(await source.stream({ expect: identity }))).toHaveLength(9);
    store.fault({ kind: 'flip', at: 3 });
    const reading = source.stream({ expect: identity }).then(collect);
    await expect(reading).rejects.toMatchObject({ code: 'source-checksum' });
  });

  it('does not follow the redirect of a bucket that goes back to its origin', async () => {
    await using store = await startObjectStore('cos', { anonymous: true });
    store.fault({ kind: 'redirect', to: '/elsewhere' });
    await using source = openSource('cos://images-1250000000/key', { endpoint: store.origin });
    await expect(source.identify()).rejects.toMatchObject({ code: 'source-redirect' });
    expect(store.requests).toHaveLength(1);
  });

  it('wants a region', () => {
    expect(() => openSource('cos://images-1250000000/key')).toThrow(
      expect.objectContaining({ code: 'usage', message: expect.stringContaining('--region') }),
    );
  });

  it('says that an archived object is archived', async () => {
    await using store = await startObjectStore('cos', { anonymous: true });
    store.fault({ kind: 'status', status: 403, body: '<Error><Code>InvalidObjectState</Code></Error>' });
    await using source = openSource('cos://images-1250000000/key', { endpoint: store.origin });
    const hint = expect.stringContaining('archive');
    await expect(source.identify()).rejects.toMatchObject({ code: 'source-denied', hint });
  });
});
