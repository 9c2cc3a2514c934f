import { expect, it } from 'vitest';
import { formatTable, formatVerdicts } from './table.ts';
import type { CaseSummary } from './summary.ts';
import { MIB } from './units.ts';

const CASE: CaseSummary = {
  name: 'qcow2-http',
  limitSeconds: 2,
  bestPeer: 'nbdkit + qemu-img',
  rows: [
    {
      name: 'diskferry',
      kind: 'ours',
      median: { wallSeconds: 4, cpuSeconds: 5.125, peakBytes: 200 * MIB },
      overBestPeer: 2.5,
      overLimit: 2,
      leftOut: undefined,
    },
    {
      name: 'qemu-img http',
      kind: 'peer',
      median: undefined,
      overBestPeer: undefined,
      overLimit: undefined,
      leftOut: 'needs qemu-img',
    },
  ],
  verdicts: [{ goal: '2 times the best peer', found: '2.50 times', isReached: true }],
};

it('A table has a line for each entrant and one for the limit, with columns that line up', () => {
  const lines = formatTable([CASE]).split('\n');
  expect(lines).toHaveLength(5);
  expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
  expect(lines[2]?.split('|').map((cell) => cell.trim())).toEqual([
    '',
    'qcow2-http',
    'diskferry',
    '4.00',
    '5.13',
    '200',
    '2.50',
    '2.00',
    '',
  ]);
  expect(lines[4]).toMatch(/limit +\| +2\.00 \|/);
});

it('Verdicts name what was reached and who was left out', () => {
  expect(formatVerdicts([CASE]).split('\n')).toEqual([
    '- reached qcow2-http: 2 times the best peer: 2.50 times',
    '- left out qcow2-http: qemu-img http: needs qemu-img',
  ]);
});
