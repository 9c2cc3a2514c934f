// @vitest-environment happy-dom
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PLACE_KEYS } from '../../service/places.ts';
import type { Check } from '../../service/service.ts';
import { startWords } from '../../words/words.ts';
import { EMPTY_DRAFT, EMPTY_IMAGE } from './draft.ts';
import { Overwrites } from './overwrites.tsx';

const GiB = 2 ** 30;
const DEVICE = { path: '/dev/vg/orders', name: 'wwn-0x5000c500' };
const VOLUMES = [
  { id: 'v-sys', name: 'web', size: 20 * GiB, device: null },
  { id: 'v-data', name: 'orders', size: 100 * GiB, device: DEVICE },
];

beforeEach(() => startWords('en'));
afterEach(cleanup);

function show(checks: readonly Partial<Check>[]): readonly string[] {
  const queries = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
  queries.setQueryData([...PLACE_KEYS.instances, ''], [{ id: 'i-1', name: 'web-tokyo', systemVolume: 'v-sys' }]);
  queries.setQueryData([...PLACE_KEYS.volumes, ''], VOLUMES);
  const images = ['i-1', 'v-data'].map((target) => ({ ...EMPTY_IMAGE, target }));
  const found = checks.map((check) => ({ code: 'target-overwritten', ...check })) as Check[];
  render(
    <QueryClientProvider client={queries}>
      <Overwrites kind="instance" draft={{ ...EMPTY_DRAFT, images }} checks={found} />
    </QueryClientProvider>,
  );
  return screen.getAllByRole('listitem').map(({ textContent }) => textContent);
}

it('names each disk, the device that it is, and what lies on it', () => {
  const [system, data] = show([
    { image: 0, verdict: 'warn', evidence: 'v-sys: a disk with 2 partitions, ext4 in the first' },
    { image: 1, verdict: 'pass', evidence: 'v-data is blank' },
  ]);
  expect(system).toBe('System disk of web-tokyo v-sys · 20 GiBOn it lies: a disk with 2 partitions, ext4 in the first');
  expect(data).toContain('orders v-data · 100 GiB');
  expect(data).toContain('Device /dev/vg/orders · wwn-0x5000c500');
  expect(data).toContain('nothing, it is blank');
});

it('does not claim that nothing is there where nobody could look', () => {
  const [system, data] = show([{ image: 0, verdict: 'unknown', evidence: 'v-sys cannot be looked at from here' }]);
  for (const said of [system, data]) expect(said).toContain('not known: nobody could look');
});
