import { Bandwidth } from '@diskferry/engine';
import type { Migration } from '../migrations/migration.ts';
import { setRate, type Bandwidths } from './bandwidth/bandwidths.ts';
import type { CheckpointFolder } from './land/checkpoint-folder.ts';
import type { Lease } from './lease/lease.ts';
import { KeptMaps } from './progress/kept-maps.ts';
import { LiveBoard } from './progress/live-board.ts';
import { publishLive } from './progress/publish.ts';
import { SpokenLines } from './progress/spoken-lines.ts';
import { runMigration } from './run-migration.ts';
import type { Shared } from './worker-parts.ts';

export interface HoldHow {
  readonly shared: Shared;
  readonly checkpoints: CheckpointFolder;
  readonly bandwidths: Bandwidths;
  readonly connections: number;
  /** Aborts when the worker ends. */
  readonly leaving: AbortSignal;
}

/** Works on a migration as long as there is something to do for it, shows what is done, and gives it back. */
export async function holdMigration(lease: Lease, how: HoldHow): Promise<void> {
  const { shared, checkpoints, bandwidths, connections, leaving } = how;
  const over = new AbortController();
  const live = new LiveBoard(() => lease.migration);
  const maps = new KeptMaps(shared.stores.diskMaps, lease, live);
  const lines = new SpokenLines(shared.stores.lines, lease, shared.log);
  const publishing = publishLive(shared.stores.live, lease, { live, lines, maps, until: over.signal });
  const own = new Bandwidth();
  const limit = ({ options }: Migration) => setRate(own, options.bandwidth);
  limit(lease.migration);
  const forget = lease.onSeen(limit);
  const bandwidthsFor = (host: string) => [...bandwidths.forHost(host), own];
  try {
    await runMigration({
      shared,
      checkpoints,
      lease,
      live,
      maps,
      say: lines.say,
      signal: leaving,
      bandwidthsFor,
      connections,
    });
  } catch (error) {
    if (error !== leaving.reason) throw error;
  } finally {
    forget();
    over.abort();
    await publishing;
    await maps.keep();
    await lines.flush();
    await lease.release();
  }
}
