import type { LiveProgress } from '@diskferry/protocol';
import { expect, it } from 'vitest';
import { liveLine } from './live-line.ts';

const MiB = 2 ** 20;
const IMAGE = {
  read: 10 * MiB,
  readOf: 40 * MiB,
  decoded: 30 * MiB,
  written: 20 * MiB,
  verified: 16 * MiB,
  landed: 25 * MiB,
};
const LIVE: LiveProgress = {
  at: 0,
  stage: 'transferring',
  image: 0,
  images: [{ ...IMAGE, of: 100 * MiB }],
  speed: { read: 5 * MiB, landed: 8 * MiB },
  remaining: { low: 9, high: 12, basis: 'disk' },
  bottleneck: 'source',
  stall: null,
  map: null,
};

it('says stage, bytes, speed, time left with its basis, and what it waits for most', () => {
  expect(liveLine(LIVE)).toBe(
    'transferring, 25 %, read 10.0 MiB of 40.0 MiB, decoded 30.0 MiB, written 20.0 MiB, verified 16.0 MiB, ' +
      '8.00 MiB/s, 9 s to 12 s left (by what is left of the disk), bottleneck: source',
  );
});

it('leaves out what is not known, and counts several images from 1', () => {
  const unknown = { ...IMAGE, readOf: null, of: null };
  const line = liveLine({ ...LIVE, image: 1, images: [unknown, unknown], remaining: null, bottleneck: null });
  expect(line).toBe(
    'transferring image 2 of 2, read 10.0 MiB, decoded 30.0 MiB, written 20.0 MiB, verified 16.0 MiB, 8.00 MiB/s',
  );
});

it('says since when it stands still and why, in letters that do not steer the terminal', () => {
  const stall = { code: 'target-full', message: 'no room\u001b[2J', since: Date.now() - 65_000, nextTryAt: null };
  expect(liveLine({ ...LIVE, stall })).toBe('stands still for 1 min 5 s: no room·[2J [target-full]');
});
