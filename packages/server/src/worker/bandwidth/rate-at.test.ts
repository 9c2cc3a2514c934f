import { describe, expect, it } from 'vitest';
import { rateAt } from './rate-at.ts';

const at = (hours: number, minutes = 0) => new Date(2026, 5, 1, hours, minutes);

describe('rateAt()', () => {
  it('is the usual rate where there is no window, or none that contains the time', () => {
    expect(rateAt({ rate: 7, windows: [] }, at(12))).toBe(7);
    expect(rateAt({ rate: null, windows: [{ from: '08:00', to: '18:00', rate: 5 }] }, at(7, 59))).toBeNull();
    expect(rateAt({ rate: null, windows: [{ from: '08:00', to: '18:00', rate: 5 }] }, at(18))).toBeNull();
  });

  it.each([
    [8, 0, 5],
    [17, 59, 5],
    [21, 59, 1],
    [22, 0, null],
    [0, 0, null],
    [5, 59, null],
    [6, 0, 1],
  ])('at %i:%i is %s, by the first window that contains it, also over midnight', (hours, minutes, rate) => {
    const windows = [
      { from: '08:00', to: '18:00', rate: 5 },
      { from: '22:00', to: '06:00', rate: null },
      { from: '00:00', to: '00:00', rate: 1 },
    ];
    expect(rateAt({ rate: 9, windows }, at(hours, minutes))).toBe(rate);
  });
});
