import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect } from '../../testing/memory-bytes.ts';
import { KEYS, startObjectStore } from '../../testing/object-store.ts';
import { tempFolder } from '../../testing/temp.ts';
import { startTestServer } from '../../testing/test-server.ts';
import { parseChecksum } from './checksum.ts';
import { openSource } from './open-source.ts';

const OBJECT = { content: Buffer.from('123456789'), etag: '"e"' };
const toLoopback = async () => [{ address: '127.0.0.1', family: 4 }];

const noRole = async (): Promise<never> => {
  throw new Error('no role');
};

describe('openSource', async () => {
  const folder = await tempFolder();

  it('sends the user of a link and the given headers, but not those that decide how the answer is read', async () => {
    await using server = await startTestServer();
    const link = server.serve('/a b.img', OBJECT).replace('//', '//me:p%40ss@');
    const headers = { 'X-Token': 't', 'Accept-Encoding': 'gzip', Range: 'bytes=5-6' };
    await using source = openSource(link, { headers });
    expect(source.name).toBe('a b.img');
    expect(await source.identify()).toMatchObject({ size: 9, ranged: true });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}`,
      'x-token': 't',
      'accept-encoding': 'identity',
      range: 'bytes=0-0',
    });
  });

  it('says usage for a header that cannot be sent', async () => {
    await using server = await startTestServer();
    await using source = openSource(server.serve('/d', OBJECT), { headers: { 'x-bad': 'a\r\nb: c' } });
    await expect(source.identify()).rejects.toMatchObject({ code: 'usage' });
  });

  it('leaves a signed COS link as it is, keeps its region and compares its CRC', async () => {
    await using server = await startTestServer();
    const crc = { 'x-cos-hash-crc64ecma': (1n + 0x995dc9bbdf1939fan).toString() };
    server.serve('/disk.img', { ...OBJECT, headers: crc });
    const host = 'images-1250000000.cos.ap-tokyo.myqcloud.com';
    const locator = {
      kind: 'http' as const,
      url: `http://${host}:${server.port}/disk.img?q-signature=ff`,
      store: 'cos' as const,
      region: 'ap-tokyo',
    };
    await using source = openSource(locator, { resolve: toLoopback });
    expect(source).toMatchObject({ region: 'ap-tokyo', name: 'disk.img' });
    const identity = await source.identify();
    expect(server.requests[0]?.path).toBe('/disk.img?q-signature=ff');
    const reading = source.stream({ expect: identity }).then(collect);
    await expect(reading).rejects.toMatchObject({ code: 'source-checksum' });
  });

  it('sees another CRC of the store as a change', async () => {
    await using store = await startObjectStore('cos');
    const object = { ...OBJECT, headers: { 'x-cos-hash-crc64ecma': '1' } };
    store.put('/key', object);
    await using source = openSource('cos://images-1250000000/key', { endpoint: store.origin, credentials: KEYS });
    const identity = await source.identify();
    object.headers['x-cos-hash-crc64ecma'] = '2';
    const range = { offset: 1, length: 2 };
    await expect(source.stream({ range, expect: identity })).rejects.toMatchObject({ code: 'source-changed' });
  });

  it('counts the bytes of every attempt', async () => {
    await using server = await startTestServer();
    let count = 0;
    const content = new Uint8Array(100_000);
    const link = server.serve('/d', { content, etag: '"e"' });
    await using source = openSource(link, { count: (bytes) => (count += bytes), retry: { baseMs: 1 } });
    const identity = await source.identify();
    server.fault({ kind: 'reset', after: 30_000 });
    await collect(await source.stream({ expect: identity }));
    expect(count).toBe(100_000);
  });

  it('compares a declared checksum for files as well', async () => {
    const path = join(folder, 'file');
    await writeFile(path, OBJECT.content);
    const md5 = '25f9e794323b453885f5181f1b624d0b';
    for (const [value, outcome] of [
      [md5, 9],
      ['0'.repeat(32), undefined],
    ] as const) {
      await using source = openSource(path, { checksum: parseChecksum(`md5:${value}`) });
      const reading = source.stream({ expect: await source.identify() }).then(collect);
      if (outcome === undefined) await expect(reading).rejects.toMatchObject({ code: 'source-checksum' });
      else expect(await reading).toHaveLength(outcome);
    }
  });

  it('ends reads that go on when it is disposed, without asking again', async () => {
    await using server = await startTestServer();
    const source = openSource(server.serve('/d', { content: new Uint8Array(20_000_000), etag: '"e"' }));
    const stream = await source.stream({ expect: await source.identify() });
    const reading = (async () => {
      for await (const _chunk of stream) await source[Symbol.asyncDispose]();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'internal' });
  });

  it('says that credentials could not be had', async () => {
    await using store = await startObjectStore('s3');
    await using source = openSource('s3://bucket/key', { endpoint: store.origin, credentials: noRole });
    await expect(source.identify()).rejects.toMatchObject({ code: 'source-denied' });
  });

  it.each(['minio', 'ftp://minio', ''])('refuses the endpoint "%s"', (endpoint) => {
    expect(() => openSource('s3://bucket/key', { endpoint })).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});
