import { describe, expect, it } from 'vitest';
import { sampleRequest } from '../../testing/requests.ts';
import { forecast } from './forecast.ts';

const { options } = sampleRequest();
const BASIS = { bytes: 3e9, rate: 1e8, from: 'now', limit: null, diskRate: 1e8 };
const load = (fileSize: number | null, rate?: number, basis: 'now' | 'earlier' = 'now') => ({
  fileSize,
  virtualSize: 4e9,
  speed: rate === undefined ? undefined : { rate, basis },
});

describe('the forecast', () => {
  it('is a range around what was measured, and says what it rests on', () => {
    const found = forecast([load(3e9, 1e8)], options);
    expect(found).toEqual({ seconds: { low: 20, high: 140 }, basis: BASIS });
  });

  it('is narrower where earlier migrations measured it, and adds all images', () => {
    const found = forecast([load(3e9, 1e8, 'earlier'), load(3e9, 1e8, 'earlier')], { ...options, verify: 'none' });
    expect(found).toEqual({ seconds: { low: 50, high: 166 }, basis: { ...BASIS, bytes: 6e9, from: 'earlier' } });
  });

  it('keeps within the bandwidth', () => {
    const found = forecast([load(3e9, 1e9)], { ...options, bandwidth: 1e6 });
    expect(found?.seconds.low).toBe(3000);
    expect(found?.basis).toEqual({ ...BASIS, rate: 1e9, limit: 1e6 });
  });

  it('is none where one image tells too little', () => {
    expect(forecast([load(3e9, 1e8), load(null, 1e8)], options)).toBeNull();
    expect(forecast([load(3e9)], options)).toBeNull();
  });

  it('is never less than a second', () => {
    expect(forecast([load(0, 1e9)], options)?.seconds.low).toBe(1);
  });
});
