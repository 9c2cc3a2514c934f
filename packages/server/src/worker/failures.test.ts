import { DiskferryError } from '@diskferry/engine';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../base/errors.ts';
import { ProviderError } from '../providers/provider-error.ts';
import { eventOf, failureOf, PatienceLost } from './failures.ts';

const full = Object.assign(new Error('no space'), { code: 'ENOSPC' });

describe('failureOf()', () => {
  it.each([
    [new DiskferryError('source-expired', 'x'), { kind: 'wait', for: 'link' }],
    [new DiskferryError('source-not-found', 'x'), { kind: 'wait', for: 'link' }],
    [new DiskferryError('source-denied', 'x'), { kind: 'wait', for: 'credentials' }],
    [new ServiceError('secret-unreadable', 'x'), { kind: 'wait', for: 'credentials' }],
    [new ServiceError('resource-locked', 'x'), { kind: 'wait', for: 'person' }],
    [new DiskferryError('source-changed', 'x'), { kind: 'fail', mayGoOn: false }],
    [new DiskferryError('target-differs', 'x'), { kind: 'fail', mayGoOn: false }],
    [new DiskferryError('image-damaged', 'x'), { kind: 'fail', mayGoOn: true }],
    [new DiskferryError('source-unreachable', 'x'), { kind: 'again', forEver: false }],
    [new DiskferryError('target-write', 'x'), { kind: 'again', forEver: false }],
    [new DiskferryError('target-full', 'x'), { kind: 'again', forEver: true }],
    [new ProviderError('storage-failed', 'x', { cause: full }), { kind: 'again', forEver: true }],
    [new ServiceError('store-unavailable', 'x'), { kind: 'again', forEver: true }],
    [new ProviderError('volume-in-use', 'x'), { kind: 'again', forEver: false }],
    [new ProviderError('volume-not-found', 'x'), { kind: 'fail', mayGoOn: true }],
    [full, { kind: 'again', forEver: true }],
    [new TypeError('undefined is not a function'), { kind: 'fail', mayGoOn: true }],
  ])('judges %s', (error, remedy) => {
    expect(failureOf(error).remedy).toEqual(remedy);
  });

  it('never repeats what a fault of the program says: it could hold anything', () => {
    expect(failureOf(new TypeError('https://ann:secret@example')).message).not.toContain('secret');
  });
});

const failed = (error: Error, goesOn: boolean) => eventOf(failureOf(error), { goesOn });

describe('eventOf()', () => {
  it('names code, what was found and what to do', () => {
    const expired = failureOf(new DiskferryError('source-expired', 'https://a.example/x has expired'));
    expect(eventOf(expired, { goesOn: true })).toMatchObject({ kind: 'wait-began', for: 'link' });
    const { detail } = eventOf(expired, { goesOn: true }) as { detail: string };
    expect(detail).toMatch(/^source-expired: https:\/\/a\.example\/x has expired\. Replace the link/);
  });

  it('asks a person once patience is lost', () => {
    const error = new DiskferryError('source-timeout', 'x');
    const lost = new PatienceLost(failureOf(error), error);
    expect(eventOf(failureOf(lost), { goesOn: true })).toMatchObject({ kind: 'wait-began', for: 'person' });
  });

  it('goes on only where both the fault and the disk allow it', () => {
    expect(failed(new DiskferryError('image-damaged', 'x'), true)).toMatchObject({ kind: 'failed', goesOn: true });
    expect(failed(new DiskferryError('image-damaged', 'x'), false)).toMatchObject({ goesOn: false });
    expect(failed(new DiskferryError('source-changed', 'x'), true)).toMatchObject({ goesOn: false });
  });
});
