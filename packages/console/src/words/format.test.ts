import { describe, expect, it } from 'vitest';
import { bytes, duration, percent, rate } from './format.ts';

describe('bytes()', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '0.98 KiB'],
    [1536, '1.5 KiB'],
    [2 ** 30, '1 GiB'],
    [50 * 2 ** 30 + 2 ** 29, '50.5 GiB'],
    [16 * 2 ** 40, '16 TiB'],
    [2 ** 53, '8 PiB'],
  ])('%d is %s', (count, text) => expect(bytes(count, 'en')).toBe(text));

  it('never shows more than it is called', () => expect(rate(-1, 'en')).toBe('0 B/s'));
});

describe('percent()', () => {
  it('is 100 % only when it is whole', () => {
    expect(percent(0.99999, 'en')).toBe('99.9%');
    expect(percent(1, 'en')).toBe('100%');
  });
});

describe('duration()', () => {
  it.each([
    [0, '0 sec'],
    [59.6, '1 min'],
    [3661, '1 hr 1 min'],
    [86_400 + 30, '1 day'],
    [2 * 86_400 + 3 * 3600, '2 days 3 hr'],
  ])('%d s in English is %s', (seconds, text) => expect(duration(seconds, 'en')).toBe(text));

  it('is said in the language that is shown', () => {
    expect(duration(125, 'ja')).toBe('2 分 5 秒');
    expect(duration(125, 'zh')).toBe('2分钟 5秒');
  });
});
