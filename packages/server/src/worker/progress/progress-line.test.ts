import type { LiveProgress } from '@diskferry/protocol';
import { expect, it } from 'vitest';
import { ProgressLine } from './progress-line.ts';

const MiB = 2 ** 20;

function live(at: number, image: number | null, landed = 50 * MiB): LiveProgress {
  const one = { read: 1, readOf: 2, decoded: 1, written: 1, verified: 0, landed, of: 200 * MiB };
  return {
    at,
    stage: 'transferring',
    image,
    images: [one, one],
    speed: { read: 1, landed: 3 * MiB },
    remaining: null,
    bottleneck: 'source',
    stall: null,
    map: null,
  };
}

it('says now and then how far it is, how fast, and what it waits for', () => {
  const line = new ProgressLine();
  expect(line.next(live(0, 0))).toBeUndefined();
  expect(line.next(live(29_000, 0))).toBeUndefined();
  expect(line.next(live(31_000, 0))).toBe(
    'image 1: 52428800 bytes (50 MiB) (25 %) landed, 3145728 bytes (3 MiB) a second, waits mostly for: source',
  );
  expect(line.next(live(32_000, 0))).toBeUndefined();
  expect(line.next(live(62_000, 0))).toBeDefined();
});

it('begins anew with another image, and says nothing where nothing is copied', () => {
  const line = new ProgressLine();
  line.next(live(0, 0));
  expect(line.next(live(40_000, 1))).toBeUndefined();
  expect(line.next(live(90_000, null))).toBeUndefined();
});
