import { describe, expect, it } from 'vitest';
import { summarise, type Report } from './skips/results.ts';

function report(tests: Readonly<Record<string, string>>): Report {
  const assertionResults = Object.entries(tests).map(([fullName, status]) => ({ fullName, status }));
  return { testResults: [{ assertionResults }] };
}

describe('summarise()', () => {
  const run = report({
    'adds numbers': 'passed',
    'subtracts numbers': 'failed',
    'packs [needs xz] well': 'skipped',
    'packs [needs tar, gzip] well': 'passed',
    'block devices (as root) are claimed': 'skipped',
    'the corpus is read': 'pending',
  });

  it('counts what passed, failed and skipped', () => {
    const { passed, failed, skipped } = summarise(run, { corpus: false });
    expect([passed, failed, skipped.length]).toEqual([2, 1, 3]);
  });

  it('names skipped tests that say what they need', () => {
    expect(summarise(run, { corpus: false }).faults).toEqual(['packs [needs xz] well']);
  });

  it('takes a skip for what it is where others with the same need passed', () => {
    const mixed = report({ 'disks [needs qemu-img] read': 'passed', 'disks [needs qemu-img] in one pass': 'skipped' });
    expect(summarise(mixed, { corpus: true }).faults).toEqual([]);
  });

  it('lets tests for long runs skip', () => {
    const long = report({ adds: 'passed', 'boots [only with DISKFERRY_LONG] [needs qemu]': 'skipped' });
    expect(summarise(long, { corpus: true }).faults).toEqual([]);
  });

  it('names skipped tests of the corpus where there is one', () => {
    expect(summarise(run, { corpus: true }).faults).toEqual(['packs [needs xz] well', 'the corpus is read']);
  });
});
