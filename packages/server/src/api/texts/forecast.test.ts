import type { Forecast } from '@diskferry/protocol';
import { expect, it } from 'vitest';
import { forecastIn } from './forecast.ts';

const seconds = { low: 1, high: 2 };
const basis = { bytes: 5 * 2 ** 30, rate: 100 * 2 ** 20, from: 'now', limit: null, diskRate: 1e8 } as const;

it('says what it rests on in the language that was asked for, with sizes as people say them', () => {
  expect(forecastIn({ seconds, basis }, 'en')).toEqual({
    seconds,
    basis:
      '5 GiB to read at 100 MiB/s, as a read of a few MiB just now gave; at the longest also 95.4 MiB/s for the disk',
  });
  const limited = { ...basis, from: 'earlier', limit: 6 * 2 ** 20 } as const;
  expect(forecastIn({ seconds, basis: limited }, 'en')?.basis).toContain(
    'earlier migrations from there reached, held to 6 MiB/s',
  );
  expect(forecastIn({ seconds, basis: limited }, 'ja')?.basis).toContain('これまでの移行の実績、上限 6 MiB/s');
  expect(forecastIn({ seconds, basis: limited }, 'zh')?.basis).toContain('限速 6 MiB/s');
  expect(forecastIn(null, 'en')).toBeNull();
});

it('says the sentence that logs have from before it was told in parts', () => {
  const old = { seconds, basis: '5 GiB to read' } as unknown as Forecast;
  expect(forecastIn(old, 'ja')).toEqual({ seconds, basis: '5 GiB to read' });
});
