import { availableParallelism } from 'node:os';
import type { Entrant } from './entrant.ts';
import type { Timing } from './run-timed.ts';
import { line } from './shell.ts';

/**
 * What no program can do without: taking in the image's bytes and putting down the disk's data. The fastest way of
 * writing counts.
 * @param durable the data are on the medium when the writing ends
 */
export function limits({ durable }: { readonly durable: boolean }): readonly Entrant[] {
  // Two sizes through the page cache, because large writes are dear where the kernel takes huge pages for them and the
  // hypervisor has to find those first.
  if (!durable) return [READING, writing('8M'), writing('1M')];
  return [READING, writing('1M', 'conv=fsync'), writing('8M', 'oflag=direct', 'conv=fsync')];
}

const READING: Entrant = {
  name: 'limit: read',
  kind: 'limit',
  needs: ['curl', 'dd'],
  command: ({ which, fastLocation }) =>
    which.way === 'file'
      ? line('dd', `if=${fastLocation}`, 'of=/dev/null', 'bs=8M', 'status=none')
      : line('curl', '-sSf', '-o', '/dev/null', fastLocation),
};

function writing(size: string, ...how: readonly string[]): Entrant {
  return {
    name: `limit: write ${[size, ...how].join(' ')}`,
    kind: 'limit',
    needs: ['dd'],
    command: ({ input, target }) =>
      line(
        'dd',
        'if=/dev/zero',
        `of=${target}`,
        `bs=${size}`,
        `count=${input.data}`,
        'iflag=count_bytes',
        'status=none',
        ...how,
      ),
  };
}

/** Reading and the faster way of writing may overlap, but the cores are what they are. */
export function limitSeconds(read: Timing, writes: readonly Timing[], cores = availableParallelism()): number {
  const write = writes.toSorted((a, b) => a.wallSeconds - b.wallSeconds)[0] ?? read;
  return Math.max((read.cpuSeconds + write.cpuSeconds) / cores, read.wallSeconds, write.wallSeconds);
}
