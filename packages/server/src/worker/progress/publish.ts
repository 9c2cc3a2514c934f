import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveStore } from '../../live/live.ts';
import type { Lease } from '../lease/lease.ts';
import type { KeptMaps } from './kept-maps.ts';
import type { LiveBoard } from './live-board.ts';
import { ProgressLine } from './progress-line.ts';
import type { SpokenLines } from './spoken-lines.ts';

const EVERY_MS = 1000;
/** Maps are written to be kept, which costs more: a worker that dies leaves one that is so old at most. */
const KEEP_EVERY_MS = 10_000;

/** Publishes what the board shows and what was said until the signal says that it is over. What cannot be published is not missed. */
export async function publishLive(
  store: LiveStore,
  lease: Lease,
  {
    live,
    lines,
    maps,
    until,
  }: { readonly live: LiveBoard; readonly lines: SpokenLines; readonly maps: KeptMaps; readonly until: AbortSignal },
): Promise<void> {
  const progress = new ProgressLine();
  let keptAt = performance.now();
  while (!until.aborted && !lease.signal.aborted) {
    const now = live.snapshot();
    await store.publish(lease.id, lease.fence, now).catch(() => undefined);
    const line = progress.next(now);
    if (line !== undefined) lines.say('info', line);
    await lines.flush();
    if (performance.now() - keptAt >= KEEP_EVERY_MS) {
      await maps.keep();
      keptAt = performance.now();
    }
    await sleep(EVERY_MS, undefined, { signal: until }).catch(() => undefined);
  }
}
