import type { LiveProgress } from '@diskferry/protocol';
import type { Samples } from './samples.ts';

const STILL_MS = 10_000;

/** A copy that does not move although nothing has failed yet: the server sends nothing, the disk does not answer. */
export function nothingMoves(samples: Samples, now: number): LiveProgress['stall'] {
  const still = samples.stillFor;
  if (still < STILL_MS) return null;
  const waitsFor = samples.bottleneck();
  const message = `nothing has moved for ${Math.round(still / 1000)} seconds${waitsFor ? `: ${WAITS[waitsFor]}` : ''}`;
  return { code: 'no-progress', message, since: now - Math.round(still), nextTryAt: null };
}

const WAITS = {
  source: 'the source sends nothing',
  bandwidth: 'the bandwidth limit lets nothing through',
  decode: 'it is busy computing',
  write: 'the disk does not take more',
  verify: 'the disk does not give back what was written',
} as const;
