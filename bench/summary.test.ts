import { describe, expect, it } from 'vitest';
import { BEST_PEER, CASES, type Case, type Goal } from './cases.ts';
import { limitSeconds } from './limit.ts';
import { rotated, type Row } from './measure.ts';
import { OURS } from './ours.ts';
import { parseTimes } from './run-timed.ts';
import { median, summarise } from './summary.ts';
import { MIB } from './units.ts';

const timing = (wallSeconds: number, cpuSeconds = wallSeconds) => ({ wallSeconds, cpuSeconds, peakBytes: 100 * MIB });
const row = (name: string, kind: Row['kind'], ...walls: number[]): Row => ({
  name,
  kind,
  timings: walls.map((wall) => timing(wall)),
});
const withGoal = (goal: Goal): Case => ({ ...CASES[0]!, goals: [goal] });

describe('the numbers of a case', () => {
  it('are medians, and ratios within the rounds', () => {
    const rows = [
      row(OURS, 'ours', 1, 2, 10),
      row('slow', 'peer', 9, 9, 90),
      row('fast', 'peer', 2, 4, 80),
      row('read', 'limit', 0.5, 0.5, 0.5),
    ];
    const summary = summarise(withGoal({ kind: 'faster', than: BEST_PEER, times: 2 }), rows);
    expect(summary).toMatchObject({ bestPeer: 'fast', limitSeconds: 0.5 });
    expect(summary.rows[0]).toMatchObject({ median: { wallSeconds: 2 }, overBestPeer: 2, overLimit: 4 });
    expect(summary.verdicts[0]).toMatchObject({ isReached: true, found: '2.00 times' });
  });

  it('reach a goal by coming near the limit where that is allowed', () => {
    const rows = [row(OURS, 'ours', 1.2), row('fast', 'peer', 1.5), row('read', 'limit', 1)];
    const goal = { kind: 'faster', than: BEST_PEER, times: 2 } as const;
    expect(summarise(withGoal(goal), rows).verdicts[0]?.isReached).toBe(false);
    expect(summarise(withGoal({ ...goal, orWithinLimit: 1.3 }), rows).verdicts[0]?.isReached).toBe(true);
  });

  it('say nothing of a goal whose peer took no part, and of no memory but ours', () => {
    const rows = [row(OURS, 'ours', 1), { ...row('gzip + dd', 'peer'), leftOut: 'needs gzip' }];
    expect(summarise(withGoal({ kind: 'faster', than: 'gzip + dd', times: 4 }), rows).verdicts).toEqual([
      { goal: 'peak memory 256 MiB', found: '100 MiB', isReached: true },
    ]);
  });

  it('take the middle of an odd count and the mean of the two middles of an even one', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});

describe('the limit', () => {
  it('is the larger of either wall time and the work shared by all cores, with the faster of two ways to write', () => {
    expect(limitSeconds(timing(2, 1), [timing(3, 1)], 2)).toBe(3);
    expect(limitSeconds(timing(2, 4), [timing(9, 9), timing(3, 6)], 2)).toBe(5);
  });
});

describe('a round', () => {
  it('begins with another entrant than the one before', () => {
    expect([0, 1, 2, 3].map((round) => rotated(['a', 'b', 'c'], round)[0])).toEqual(['a', 'b', 'c', 'a']);
  });
});

describe('the report of GNU time', () => {
  it('gives wall, user and kernel time and memory in bytes', () => {
    expect(parseTimes('12.50 5.25 0.50 2048\n')).toEqual({ wallSeconds: 12.5, cpuSeconds: 5.75, peakBytes: 2 * MIB });
    expect(() => parseTimes('Command terminated by signal 9\n')).toThrow('signal 9');
  });
});
