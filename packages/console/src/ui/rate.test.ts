import { expect, it } from 'vitest';
import { rateOf, rateText } from './rate.ts';

it.each([
  [null, ''],
  [1_572_864, '1.5'],
  [1_000_000, '0.95367431640625'],
  [1, '9.5367431640625e-7'],
  [Number.MAX_SAFE_INTEGER, String(Number.MAX_SAFE_INTEGER / 2 ** 20)],
])('a rate of %s is shown as %s, and is the same when it is typed again', (rate, text) => {
  expect(rateText(rate)).toBe(text);
  expect(rateOf(text)).toBe(rate);
});
