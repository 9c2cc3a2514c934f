import { expect, it } from 'vitest';
import { DiskferryError } from '../../base/errors.ts';
import { asLocalError } from './local-errors.ts';

it.each([
  ['ENOSPC', 'write', 'target-full'],
  ['EDQUOT', 'write', 'target-full'],
  ['EIO', 'write', 'target-write'],
  ['EIO', 'zero', 'target-write'],
  ['EIO', 'flush', 'target-write'],
  ['EIO', 'read', 'target-read'],
  ['EROFS', 'open', 'target-not-writable'],
  ['EACCES', 'open', 'target-not-writable'],
  ['EPERM', 'open', 'target-not-writable'],
  ['ENOENT', 'open', 'target-not-found'],
  ['EBUSY', 'open', 'target-in-use'],
] as const)('%s while a target is to %s is %s', (errno, verb, code) => {
  const thrown = Object.assign(new Error('system'), { code: errno });
  const error = asLocalError(thrown, { label: '/dev/sdz', verb, offset: 4096 });
  expect(error).toMatchObject({ code, offset: 4096, cause: thrown });
  expect((error as DiskferryError).message).toContain(errno);
});

it('an abort and an error that is ours stay what they are', () => {
  const abort = new DOMException('aborted', 'AbortError');
  const ours = new DiskferryError('internal', 'x');
  expect(asLocalError(abort, { label: 'x', verb: 'write' })).toBe(abort);
  expect(asLocalError(ours, { label: 'x', verb: 'write' })).toBe(ours);
});
