import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveStore } from '../../live/live.ts';
import type { Lease } from '../lease/lease.ts';
import type { LiveBoard } from './live-board.ts';

const EVERY_MS = 1000;

/** Publishes what the board shows until the signal says that it is over. What cannot be published is not missed. */
export async function publishLive(
  store: LiveStore,
  lease: Lease,
  { live, until }: { readonly live: LiveBoard; readonly until: AbortSignal },
): Promise<void> {
  while (!until.aborted && !lease.signal.aborted) {
    await store.publish(lease.id, lease.fence, live.snapshot()).catch(() => undefined);
    await sleep(EVERY_MS, undefined, { signal: until }).catch(() => undefined);
  }
}
