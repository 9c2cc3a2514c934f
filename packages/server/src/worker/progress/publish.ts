import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveStore } from '../../live/live.ts';
import type { Lease } from '../lease/lease.ts';
import type { KeptMaps } from './kept-maps.ts';
import type { LiveBoard } from './live-board.ts';

const EVERY_MS = 1000;
/** Maps are written to be kept, which costs more: a worker that dies leaves one that is so old at most. */
const KEEP_EVERY_MS = 10_000;

/** Publishes what the board shows until the signal says that it is over. What cannot be published is not missed. */
export async function publishLive(
  store: LiveStore,
  lease: Lease,
  { live, maps, until }: { readonly live: LiveBoard; readonly maps: KeptMaps; readonly until: AbortSignal },
): Promise<void> {
  let keptAt = performance.now();
  while (!until.aborted && !lease.signal.aborted) {
    await store.publish(lease.id, lease.fence, live.snapshot()).catch(() => undefined);
    if (performance.now() - keptAt >= KEEP_EVERY_MS) {
      await maps.keep();
      keptAt = performance.now();
    }
    await sleep(EVERY_MS, undefined, { signal: until }).catch(() => undefined);
  }
}
