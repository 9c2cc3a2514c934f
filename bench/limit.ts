import { availableParallelism } from 'node:os';
import type { Entrant } from './entrant.ts';
import type { Timing } from './run-timed.ts';
import { line } from './shell.ts';

/** What no program can do without: taking in the image's bytes and putting down the disk's data. */
export const LIMIT: readonly Entrant[] = [
  {
    name: 'limit: read',
    kind: 'limit',
    needs: ['curl', 'dd'],
    command: ({ which, fastLocation }) =>
      which.way === 'file'
        ? line('dd', `if=${fastLocation}`, 'of=/dev/null', 'bs=8M', 'status=none')
        : line('curl', '-sSf', '-o', '/dev/null', fastLocation),
  },
  // Two sizes, because large writes are dear where the kernel takes huge pages for them and the hypervisor has to find
  // those first; the faster one counts.
  writing('8M'),
  writing('1M'),
];

function writing(size: string): Entrant {
  return {
    name: `limit: write ${size}`,
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
      ),
  };
}

/** Reading and the faster way of writing may overlap, but the cores are what they are. */
export function limitSeconds(read: Timing, writes: readonly Timing[], cores = availableParallelism()): number {
  const write = writes.toSorted((a, b) => a.wallSeconds - b.wallSeconds)[0] ?? read;
  return Math.max((read.cpuSeconds + write.cpuSeconds) / cores, read.wallSeconds, write.wallSeconds);
}
