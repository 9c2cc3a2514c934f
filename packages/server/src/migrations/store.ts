import type { MigrationState } from '@diskferry/protocol';
import type { LoggedEvent, UserEvent, WorkerEvent } from './event.ts';
import type { Migration, MigrationKind } from './migration.ts';
import type { MigrationRequest } from './request.ts';

/**
 * Where migrations live. What a promise has acknowledged is on the disk. Refusals are `ServiceError`s and change nothing.
 *
 * A worker holds a migration by a lease that runs out and a fence, a number that grows with every claim and release. The
 * lease only says when another may claim; the fence decides who writes: whoever comes with another than the last one is
 * refused with `stale-fence`, whatever it believes and whatever any clock says. A lease that ran out and was not claimed by
 * another is still good.
 */
export interface MigrationStore {
  /**
   * With a key that was used before, the migration made then; with another request under that key `idempotency-conflict`.
   */
  create(request: MigrationRequest, idempotencyKey?: string): Promise<Migration>;
  /** What was made under a key, and as which request: secrets are sealed anew each time, so who asks again compares them. */
  madeUnder(idempotencyKey: string): Promise<MadeUnder | undefined>;
  get(id: string): Promise<Migration>;
  /** What happened after a version, in order; all of it with 0. */
  events(id: string, afterVersion: number): Promise<LoggedEvent[]>;
  /** Newest first. What is created meanwhile never shifts a page. */
  list(ask: ListAsk): Promise<Page>;

  /**
   * The most urgent migration that can run, the oldest of them: its start time has come, nobody has a lease on it, and the
   * worker has all of its labels, and neither where it reads from nor where it lands is full. In one statement, so that two workers never get the same. May pass by one that is just
   * being written: ask again later, as after any undefined.
   */
  claim(worker: string, ask: ClaimAsk): Promise<Claim | undefined>;
  /** Prolongs the lease, and gives the migration as it is now: with what a person asked for meanwhile. */
  heartbeat(id: string, fence: number, leaseMs: number): Promise<Migration>;
  /** Gives it back: it can be claimed at once, and the fence is worth nothing any more. */
  release(id: string, fence: number): Promise<void>;

  /** Gives back all that a worker holds of which is known that it is dead. @returns how many */
  releaseAllOf(worker: string): Promise<number>;

  append(id: string, fence: number, expectedVersion: number, event: WorkerEvent): Promise<Migration>;
  /** What a person asks: without a fence, so that it works while a worker is busy or dead. */
  request(id: string, expectedVersion: number, event: UserEvent): Promise<Migration>;

  /** The migration that has the lock of `volume:ID` or `instance:ID`. */
  lockedBy(resource: string): Promise<string | undefined>;
  /** How many migrations with a live lease read from each host, and land on each provider. */
  running(): Promise<Running>;
  /** How many there are in each state. */
  counts(): Promise<Readonly<Record<MigrationState, number>>>;
}

export interface MadeUnder {
  readonly migration: Migration;
  readonly request: MigrationRequest;
}

export interface ListAsk {
  readonly states?: readonly MigrationState[];
  readonly kinds?: readonly MigrationKind[];
  /** In the name, whatever the case. */
  readonly text?: string;
  /** Onto `volume:ID` or `instance:ID`. */
  readonly resource?: string;
  /** The name of the user or token that created it. */
  readonly by?: string;
  /** From the page before. */
  readonly cursor?: string;
  readonly limit: number;
}

export interface Page {
  readonly migrations: readonly Migration[];
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined;
}

export interface ClaimAsk {
  readonly labels?: readonly string[];
  /** Hosts (as `sourceHost` names them) and providers that no further migration may be taken for. */
  readonly fullHosts?: readonly string[];
  readonly fullProviders?: readonly string[];
  readonly leaseMs: number;
}

export interface Claim {
  readonly migration: Migration;
  readonly fence: number;
}

export interface Running {
  readonly hosts: Readonly<Record<string, number>>;
  readonly providers: Readonly<Record<string, number>>;
}
