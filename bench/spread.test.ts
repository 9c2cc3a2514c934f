import { expect, it } from 'vitest';
import { spreadOf } from './spread.ts';

it('finds the median, the 95th of 100 and the worst, in any order', () => {
  const times = Array.from({ length: 100 }, (_, index) => ((index * 37) % 100) + 1);
  expect(spreadOf(times)).toEqual({ median: 50, high: 95, worst: 100 });
  expect(spreadOf([7])).toEqual({ median: 7, high: 7, worst: 7 });
});
