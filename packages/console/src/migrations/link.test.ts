import { expect, it } from 'vitest';
import { understandLink } from './link.ts';

it.each([
  ['cos://images-1250000000/a/web.qcow2', { kind: 'cos', bucket: 'images-1250000000', key: 'a/web.qcow2' }],
  ['s3://backups/db.vmdk', { kind: 's3', bucket: 'backups', key: 'db.vmdk' }],
  [
    'https://images-1250000000.cos.ap-tokyo.myqcloud.com/a%20b.vhd',
    { kind: 'cos', bucket: 'images-1250000000', key: 'a b.vhd', region: 'ap-tokyo', isSigned: false, isPlain: false },
  ],
  [
    'https://backups.s3.eu-central-1.amazonaws.com/db.vmdk',
    { kind: 's3', bucket: 'backups', key: 'db.vmdk', region: 'eu-central-1', isSigned: false, isPlain: false },
  ],
  [
    'http://files.example:8080/x.raw',
    { kind: 'http', host: 'files.example:8080', path: '/x.raw', isSigned: false, isPlain: true },
  ],
  ['file:///srv/x.raw', { kind: 'file', path: '/srv/x.raw' }],
  ['/srv/x.raw', { kind: 'file', path: '/srv/x.raw' }],
])('understands %s', (link, found) => expect(understandLink(link)).toEqual(found));

it('knows until when a signed link is valid', () => {
  const link =
    'https://b.s3.eu-central-1.amazonaws.com/k?X-Amz-Date=20260101T000000Z&X-Amz-Expires=60&X-Amz-Signature=ab';
  expect(understandLink(link)).toMatchObject({ isSigned: true, signedUntil: Date.UTC(2026, 0, 1, 0, 1) });
});

it.each(['', 'web', 'ftp://x/y', 'https://', 'cos://bucket', 's3:///key', 'http://a b/c', 's3://key:secret@bucket/x'])(
  'takes %j for no link',
  (link) => expect(understandLink(link)).toBeUndefined(),
);

it('keeps a path that is not encoded well as it is', () => {
  expect(understandLink('https://files.example/%zz')).toMatchObject({ path: '/%zz' });
});
