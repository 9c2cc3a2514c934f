import { describe, expect, it } from 'vitest';
import { parseLocator } from '@diskferry/engine';
import { shownLink, splitLink } from './split-link.ts';

describe('a typed link', () => {
  it.each([
    ['https://images.example/a%20b.qcow2', 'https://images.example/a%20b.qcow2'],
    ['HTTPS://Images.Example:443/d.img#part', 'https://images.example/d.img'],
    ['s3://bucket/a b#c?d', 's3://bucket/a b#c?d'],
    ['cos://images-1250000000/disk.vhd', 'cos://images-1250000000/disk.vhd'],
    [
      'https://images-1250000000.cos.ap-tokyo.myqcloud.com/d.vhd?versionId=v1#x',
      'https://images-1250000000.cos.ap-tokyo.myqcloud.com/d.vhd?versionId=v1',
    ],
    ['file:///srv/a%20b.img?x#y', 'file:///srv/a%20b.img'],
    ['/srv/a b.img', 'file:///srv/a%20b.img'],
  ])('%s has no secret and opens as it is shown', (link, shown) => {
    expect(splitLink(link)).toEqual({ shown, secret: null });
    expect(splitLink(shown)).toEqual({ shown, secret: null });
  });

  it.each([
    ['https://me:s3cret@images.example/d.img', 'https://images.example/d.img'],
    ['https://s3cret@images.example/d.img', 'https://images.example/d.img'],
    ['https://images.example/d.img?token=s3cret', 'https://images.example/d.img?token=***'],
    ['https://images.example/d.img?s3cret', 'https://images.example/d.img?***'],
    [
      'https://bucket.s3.eu-west-1.amazonaws.com/d?X-Amz-Date=s3cret&X-Amz-Signature=s3cret',
      'https://bucket.s3.eu-west-1.amazonaws.com/d?X-Amz-Date=***&X-Amz-Signature=***',
    ],
    [
      'https://me:s3cret@images-1250000000.cos.ap-tokyo.myqcloud.com/d',
      'https://images-1250000000.cos.ap-tokyo.myqcloud.com/d',
    ],
  ])('%s keeps its secret apart', (link, shown) => {
    const split = splitLink(`${link}#s3cret`);
    expect(split).toEqual({ shown, secret: { link } });
    expect(split.shown).not.toContain('s3cret');
    expect(parseLocator(split.secret?.link ?? '')).toMatchObject({ url: link });
    expect(shownLink(link)).toBe(shown);
  });

  it.each([
    '',
    'disk.img',
    '../s3cret',
    'ftp://me:s3cret@host/d',
    'https://me:s3cret@[bad/d',
    's3://me:s3cret@bucket/key',
    'https://me:s3cret@h/\u0000d',
    'file:///srv/s3cret%00',
    'file://host/s3cret',
    `https://h/${'s3cret'.repeat(2000)}`,
    'https://images-1250000000.cos.ap-tokyo.myqcloud.com/?versionId=s3cret',
  ])('"%s" is refused without being repeated', (link) => {
    const refusal = expect.objectContaining({
      code: 'invalid-request',
      message: expect.not.stringContaining('s3cret'),
    });
    expect(() => splitLink(link)).toThrow(refusal);
  });
});
