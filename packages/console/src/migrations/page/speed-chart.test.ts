import { describe, expect, it } from 'vitest';
import { niceTop, pointsOf } from './speed-chart.tsx';

const MIB = 2 ** 20;

describe('niceTop()', () => {
  it.each([
    [0, 768],
    [MIB, MIB],
    [MIB + 1, 1.5 * MIB],
    [1.6 * MIB, 2 * MIB],
  ])('stands above %d', (most, top) => expect(niceTop(most)).toBe(top));
});

describe('pointsOf()', () => {
  const at = (seconds: number, landed: number) => ({ at: seconds * 1000, read: 0, landed });

  it('begins at the right, and shows a short time as a minute', () => {
    expect(pointsOf([at(0, 0), at(30, 10)], 10, ({ landed }) => landed)).toBe('240.0,120.0 480.0,0.0');
  });

  it('fills the chart with a longer time, and leaves it nowhere', () => {
    expect(pointsOf([at(0, 99), at(120, 5)], 10, ({ landed }) => landed)).toBe('0.0,0.0 480.0,60.0');
  });
});
