import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPresigned, presignedUntil } from './http/presigned.ts';
import { labelOf } from './label.ts';
import { parseLocator } from './locator.ts';
import { keyOfPath, pathOfKey } from './object-key.ts';

describe('parseLocator', () => {
  it.each([
    ['disk.qcow2', { kind: 'file', path: 'disk.qcow2' }],
    ['/srv/a:b/disk.img', { kind: 'file', path: '/srv/a:b/disk.img' }],
    ['a:b', { kind: 'file', path: 'a:b' }],
    ['file:///srv/my%20disk.img', { kind: 'file', path: '/srv/my disk.img' }],
    ['file://localhost/srv/disk', { kind: 'file', path: '/srv/disk' }],
    ['https://example.com/disk.img?a=b#part', { kind: 'http', url: 'https://example.com/disk.img?a=b' }],
    ['HTTP://example.com/x', { kind: 'http', url: 'http://example.com/x' }],
    ['s3://bucket/a b/c+d?e#f', { kind: 's3', bucket: 'bucket', key: 'a b/c+d?e#f' }],
    ['s3://bucket//double//slash', { kind: 's3', bucket: 'bucket', key: '/double//slash' }],
    ['cos://images-1250000000/disk%20.img', { kind: 'cos', bucket: 'images-1250000000', key: 'disk%20.img' }],
  ])('%s', (typed, expected) => {
    expect(parseLocator(typed)).toEqual(expected);
  });

  it.each([
    ['images-1250000000.cos.ap-tokyo.myqcloud.com', 'ap-tokyo'],
    ['images-1250000000.cos.ap-shenzhen-fsi.myqcloud.com', 'ap-shenzhen-fsi'],
    ['images-1250000000.cos.ap-beijing-1.myqcloud.com', 'ap-beijing-1'],
    ['images-1250000000.cos-internal.ap-tokyo.tencentcos.cn', 'ap-tokyo'],
    ['my-images-1250000000.cos.na-siliconvalley.tencentcos.cn', 'na-siliconvalley'],
    ['images-1250000000.cos.accelerate.myqcloud.com', undefined],
    ['images-1250000000.cos-internal.accelerate.tencentcos.cn', undefined],
  ])('takes the plain link of an object at %s for COS', (host, region) => {
    const found = parseLocator(`https://${host}/a%20b/%E4%BA%91%2Bx//disk.img`);
    const bucket = host.split('.')[0];
    expect(found).toEqual({ kind: 'cos', bucket, key: 'a b/云+x//disk.img', region, origin: `https://${host}` });
  });

  it('keeps a version in a link of a store, and a signature leaves the link as it is', () => {
    const link = 'https://images-1250000000.cos.ap-tokyo.myqcloud.com/disk.img';
    expect(parseLocator(`${link}?versionId=abc`)).toMatchObject({ kind: 'cos', versionId: 'abc' });
    const signed = `${link}?q-sign-algorithm=sha1&q-ak=AK&q-sign-time=1;2&q-signature=ff`;
    expect(parseLocator(signed)).toEqual({ kind: 'http', url: signed, store: 'cos', region: 'ap-tokyo' });
    const amazon = 'https://bucket.s3.eu-central-1.amazonaws.com/disk.img?X-Amz-Signature=ff&versionId=1';
    expect(parseLocator(amazon)).toEqual({ kind: 'http', url: amazon, store: 's3', region: 'eu-central-1' });
  });

  it('takes a plain link of S3 apart', () => {
    const object = { kind: 's3', bucket: 'my.bucket', key: 'a/b', region: 'eu-central-1' };
    expect(parseLocator('https://my.bucket.s3.eu-central-1.amazonaws.com/a/b')).toEqual(object);
    expect(parseLocator('https://s3.eu-central-1.amazonaws.com/my.bucket/a/b')).toEqual(object);
    expect(parseLocator('https://s3.eu-central-1.amazonaws.com.evil.test/my.bucket/a')).toMatchObject({ kind: 'http' });
  });

  it.each([
    '',
    'ftp://example.com/x',
    'nbd://127.0.0.1/x',
    'file://server/share/disk',
    'file:///a%2Fb',
    'http://',
    'https://[::1',
    's3://bucket',
    's3://bucket/',
    's3:///key',
    's3://buc ket/key',
    'cos://images/key',
    'cos://images-1250000000.cos.ap-tokyo.myqcloud.com/key',
    'https://images-1250000000.cos.ap-tokyo.myqcloud.com/',
    'https://images-1250000000.cos.ap-tokyo.myqcloud.com/%ff',
  ])('refuses "%s" as usage', (typed) => {
    expect(() => parseLocator(typed)).toThrow(expect.objectContaining({ code: 'usage' }));
  });

  it('does not throw anything else, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('', 's3://', 'cos://a-1/', 'http://', 'file:', 'https://x/'),
        fc.string(),
        (start, rest) => {
          try {
            labelOf(parseLocator(start + rest));
          } catch (error) {
            expect(error).toMatchObject({ code: 'usage' });
          }
        },
      ),
    );
  });
});

describe('keys in links', () => {
  it('survive the way there and back', () => {
    const key = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => text.isWellFormed() && !/(^|\/)\.{1,2}(\/|$)/.test(text));
    fc.assert(
      fc.property(key, (text) => {
        const url = new URL(`https://host.test${pathOfKey(text)}`);
        expect(keyOfPath(url.pathname)).toBe(text);
      }),
    );
  });
});

describe('labels', () => {
  it('show neither user nor password nor any value of the query', () => {
    const locator = parseLocator('https://me:hunter2@example.com/disk.img?X-Amz-Signature=abcd&token&b=c%20d#frag');
    expect(labelOf(locator)).toBe('https://example.com/disk.img?X-Amz-Signature=***&***&b=***');
    expect(labelOf(parseLocator('s3://bucket/a b'))).toBe('s3://bucket/a b');
  });

  it('never repeats what may be a password in front of the bucket', () => {
    for (const typed of ['s3://key:s3cret@bucket/key', 'cos://id:s3cret@b-1250000000/key', 'ftp://me:s3cret@host/x']) {
      expect(() => parseLocator(typed)).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('s3cret') }),
      );
    }
  });
});

const until = (query: string): number | undefined => presignedUntil(new URL(`https://x.test/?${query}`));

describe('presigned links', () => {
  it('tell until when they are valid', () => {
    expect(until('X-Amz-Date=20130524T000000Z&X-Amz-Expires=60')).toBe(Date.UTC(2013, 4, 24, 0, 1));
    expect(until('X-Goog-Date=20130524T000000Z&X-Goog-Expires=60')).toBe(Date.UTC(2013, 4, 24, 0, 1));
    expect(until('q-sign-time=1557989753;1557996953')).toBe(1557996953000);
    expect(until('q-sign-time=1557989753%3B1557996953')).toBe(1557996953000);
    expect(until('AWSAccessKeyId=A&Expires=1557996953&Signature=x')).toBe(1557996953000);
    expect(until('sv=1&se=2026-11-22T19%3A51%3A00Z&sig=x')).toBe(Date.UTC(2026, 10, 22, 19, 51));
    expect(until('X-Amz-Date=yesterday&X-Amz-Expires=60')).toBeUndefined();
    expect(until('a=b')).toBeUndefined();
    expect(isPresigned(new URL('https://x.test/?x-amz-signature=1'))).toBe(true);
    expect(isPresigned(new URL('https://x.test/?versionId=1'))).toBe(false);
  });
});
