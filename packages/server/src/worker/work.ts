import type { Bandwidth } from '@diskferry/engine';
import type { LoggedEvent } from '../migrations/event.ts';
import type { CheckpointFolder } from './land/checkpoint-folder.ts';
import type { Lease } from './lease/lease.ts';
import type { KeptMaps } from './progress/kept-maps.ts';
import type { LiveBoard } from './progress/live-board.ts';
import type { Say } from './progress/spoken-lines.ts';
import type { Shared } from './worker-parts.ts';

/** What a stage works with. */
export interface Work {
  readonly shared: Shared;
  readonly checkpoints: CheckpointFolder;
  readonly lease: Lease;
  readonly live: LiveBoard;
  readonly maps: KeptMaps;
  readonly say: Say;
  /** Aborts when the lease is lost, the worker ends, or a person asks for it where the stage can be left. */
  readonly signal: AbortSignal;
  /** The limits for what is read from a host: of the worker, of the host and of this migration. */
  readonly bandwidthsFor: (host: string) => readonly Bandwidth[];
  /** Requests to a source at once. */
  readonly connections: number;
}

/** The version of the last event of a kind: what is done once for each of them is named by it. */
export async function lastVersion(work: Work, kinds: readonly LoggedEvent['event']['kind'][]): Promise<number> {
  const log = await work.shared.stores.migrations.events(work.lease.id, 0);
  return log.findLast(({ event }) => kinds.includes(event.kind))?.version ?? 0;
}
