import { afterEach, expect, it, vi } from 'vitest';
import { ProviderError } from '../providers/provider-error.ts';
import { LeaseLost } from './lease/lease-lost.ts';
import { persist } from './persist.ts';
import { USUAL_TIMES } from './worker-parts.ts';
import type { Work } from './work.ts';

const times = { ...USUAL_TIMES, firstWait: 1, longestWait: 1 };

function work(requireHeld = () => {}): Work {
  const shared = { times };
  const parts = {
    shared,
    live: { stalled: () => {} },
    say: () => {},
    lease: { id: 'm-1', requireHeld },
    signal: AbortSignal.timeout(5000),
  };
  return parts as unknown as Work;
}

/** Fails so often, as something does that passes. */
function failing(times: number): () => Promise<string> {
  let calls = 0;
  return async () => {
    if (++calls > times) return 'done';
    throw new ProviderError('volume-in-use', 'x');
  };
}

function runOut(): never {
  throw new LeaseLost('m-1', 'it has run out');
}

afterEach(() => void vi.restoreAllMocks());

it.each([-1, 1])('is as patient as it should be where the clock of the machine jumps (%i h)', async (hours) => {
  let at = Date.now();
  vi.spyOn(Date, 'now').mockImplementation(() => (at += hours * 3_600_000));
  expect(await persist(work(), failing(3))).toBe('done');
  await expect(
    persist({ ...work(), shared: { ...work().shared, times: { ...times, patience: 50 } } }, failing(1e9)),
  ).rejects.toMatchObject({
    name: 'PatienceLost',
  });
});

it('does nothing more where the lease has run out, though nobody was told yet', async () => {
  const attempt = vi.fn(failing(0));
  await expect(persist(work(runOut), attempt)).rejects.toThrow(LeaseLost);
  expect(attempt).not.toHaveBeenCalled();
});
