import { setTimeout as sleep } from 'node:timers/promises';
import type { LiveStore } from '../../live/live.ts';
import type { Lease } from '../lease/lease.ts';
import type { LiveBoard } from './live-board.ts';
import { ProgressLine } from './progress-line.ts';
import type { SpokenLines } from './spoken-lines.ts';

const EVERY_MS = 1000;

/** Publishes what the board shows and what was said until the signal says that it is over. What cannot be published is not missed. */
export async function publishLive(
  store: LiveStore,
  lease: Lease,
  { live, lines, until }: { readonly live: LiveBoard; readonly lines: SpokenLines; readonly until: AbortSignal },
): Promise<void> {
  const progress = new ProgressLine();
  while (!until.aborted && !lease.signal.aborted) {
    const now = live.snapshot();
    await store.publish(lease.id, lease.fence, now).catch(() => undefined);
    const line = progress.next(now);
    if (line !== undefined) lines.say('info', line);
    await lines.flush();
    await sleep(EVERY_MS, undefined, { signal: until }).catch(() => undefined);
  }
}
