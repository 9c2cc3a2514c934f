import { Bandwidth, Meter } from '@diskferry/engine';
import { expect, it } from 'vitest';
import { Bandwidths } from './bandwidths.ts';
import { TimedBandwidth } from './timed-bandwidth.ts';

const plain = (rate: number | null) => ({ rate, windows: [] });

it('limits that change are those of the copies that run', () => {
  const bandwidths = new Bandwidths();
  const copy = bandwidths.forHost('a.example');
  expect(copy.map(({ rate }) => rate)).toEqual([undefined, undefined]);
  bandwidths.apply({ global: plain(1000), hosts: { 'a.example': plain(500) } });
  expect(copy.map(({ rate }) => rate)).toEqual([1000, 500]);
  expect(bandwidths.forHost('a.example')).toEqual(copy);
  expect(bandwidths.forHost('b.example').map(({ rate }) => rate)).toEqual([1000, undefined]);
  bandwidths.apply({ global: plain(null), hosts: {} });
  expect(copy.map(({ rate }) => rate)).toEqual([undefined, undefined]);
});

it('changes at the times of the day', () => {
  const bandwidths = new Bandwidths();
  const [global] = bandwidths.forHost('a.example');
  const settings = { global: { rate: null, windows: [{ from: '08:00', to: '18:00', rate: 5 }] }, hosts: {} };
  bandwidths.apply(settings, new Date(2026, 5, 1, 12));
  expect(global?.rate).toBe(5);
  bandwidths.apply(settings, new Date(2026, 5, 1, 20));
  expect(global?.rate).toBeUndefined();
});

it('counts for each copy what it has waited', async () => {
  const meter = new Meter();
  const shared = new Bandwidth(10_000);
  const mine = new TimedBandwidth(shared, meter);
  await mine.take(1500);
  await mine.take(1);
  expect(meter.waited.bandwidth).toBeGreaterThan(60);
  shared.rate = undefined;
  const before = meter.waited.bandwidth;
  await mine.take(1e9);
  expect(meter.waited.bandwidth).toBe(before);
});
