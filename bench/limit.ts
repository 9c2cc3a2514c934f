import { availableParallelism } from 'node:os';
import type { Entrant } from './entrant.ts';
import type { Timing } from './run-timed.ts';
import { line } from './shell.ts';

/** The two halves of what no program can do without: taking in the image's bytes and putting down the disk's data. */
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
  {
    name: 'limit: write',
    kind: 'limit',
    needs: ['dd'],
    command: ({ input, target }) =>
      line('dd', 'if=/dev/zero', `of=${target}`, 'bs=8M', `count=${input.data}`, 'iflag=count_bytes', 'status=none'),
  },
];

/** Both halves may overlap, but the cores are what they are. */
export function limitSeconds(halves: readonly Timing[], cores = availableParallelism()): number {
  const cpu = halves.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  return Math.max(cpu / cores, ...halves.map(({ wallSeconds }) => wallSeconds));
}
