import { describe, expect, it } from 'vitest';
import { verdictOf } from './accepted.ts';
import { check } from './check.ts';

const CHECKS = [
  check('link-readable', 'pass', 0, ''),
  check('disk-fits', 'block', 0, ''),
  check('target-overwritten', 'warn', 0, ''),
  check('target-overwritten', 'warn', 1, ''),
  check('copy-goes-on', 'warn', 0, ''),
  check('provider-space', 'unknown', 0, ''),
];

const codes = (accept: string[]) => {
  const { blocked, unaccepted } = verdictOf({ checks: CHECKS }, accept);
  return [blocked.map(({ code }) => code), unaccepted.map(({ code }) => code)];
};

describe('the verdict of a preflight', () => {
  it('is what blocks, and the warnings that were not accepted', () => {
    const warnings = ['target-overwritten', 'target-overwritten', 'copy-goes-on'];
    expect(codes([])).toEqual([['disk-fits'], warnings]);
    expect(codes(['target-overwritten'])).toEqual([['disk-fits'], ['copy-goes-on']]);
  });

  it('accepts by its code that a system will not start, which is a prediction', () => {
    const checks = [{ ...check('disk-fits', 'block', 0, ''), code: 'guest-disk-driver' }];
    expect(verdictOf({ checks }, []).blocked).toHaveLength(1);
    expect(verdictOf({ checks }, ['guest-disk-driver']).blocked).toEqual([]);
  });

  it('never accepts what blocks', () => {
    expect(codes(['disk-fits', 'target-overwritten', 'copy-goes-on', 'nonsense'])).toEqual([['disk-fits'], []]);
  });
});
