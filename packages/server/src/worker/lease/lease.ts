import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceError } from '../../base/errors.ts';
import type { WorkerEvent } from '../../migrations/event.ts';
import type { Migration } from '../../migrations/migration.ts';
import type { Claim, MigrationStore } from '../../migrations/store.ts';
import { Deadline } from './deadline.ts';
import { LeaseLost } from './lease-lost.ts';
import { isStoreUnavailable, whileUnavailable } from './while-unavailable.ts';

export type LeasedStore = Pick<MigrationStore, 'get' | 'events' | 'heartbeat' | 'append' | 'release'>;

export interface LeaseOptions {
  readonly leaseMs: number;
  /** By `performance.now()`, before the claim was asked for. */
  readonly askedAt: number;
}

/** How soon it is seen what a person asks. */
const LOOK_MS = 1000;

/**
 * One claim, as long as it lasts. It is over for this worker when so much time has passed since the last heartbeat was
 * sent as the lease lasts, by a clock that never goes back; or sooner, when the store says that another fence holds.
 */
export class Lease implements AsyncDisposable {
  readonly fence: number;
  readonly #store: LeasedStore;
  readonly #leaseMs: number;
  readonly #deadline: Deadline;
  readonly #over = new AbortController();
  readonly #listeners = new Set<(migration: Migration) => void>();
  readonly #watching: Promise<void>;
  #migration: Migration;
  #last: Promise<unknown> = Promise.resolve();

  constructor(store: LeasedStore, { migration, fence }: Claim, { leaseMs, askedAt }: LeaseOptions) {
    this.fence = fence;
    this.#store = store;
    this.#leaseMs = leaseMs;
    this.#migration = migration;
    this.#deadline = new Deadline(askedAt + leaseMs, () => new LeaseLost(migration.id, 'it has run out'));
    this.#watching = this.#watch(askedAt);
  }

  get id(): string {
    return this.#migration.id;
  }

  /** As it was last seen. */
  get migration(): Migration {
    return this.#migration;
  }

  /** Aborts with `LeaseLost`. */
  get signal(): AbortSignal {
    return this.#deadline.signal;
  }

  /** To be asked right before anything is written. @throws LeaseLost */
  requireHeld(): void {
    this.#deadline.requireAhead();
  }

  /** Tells of each newer version that is seen. @returns to stop it */
  onSeen(listener: (migration: Migration) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Records an event, one after the other. What a person asked meanwhile comes before it, if it still fits then.
   * @throws LeaseLost, ServiceError `illegal-transition`, `resource-locked`
   */
  append(event: WorkerEvent): Promise<Migration> {
    const mine = this.#last.then(() => this.#appendNow(event));
    this.#last = mine.catch(() => undefined);
    return mine;
  }

  /** Gives the migration back, so that it can be claimed at once. What is lost already needs no giving back. */
  async release(): Promise<void> {
    await this.#last;
    this.#over.abort();
    await this.#watching;
    if (!this.signal.aborted) {
      await this.#asking(() => this.#store.release(this.id, this.fence)).catch((error: unknown) => {
        if (!(error instanceof LeaseLost)) throw error;
      });
    }
    this.#deadline.end(new LeaseLost(this.id, 'it was given back'));
  }

  /** Without giving it back: another can claim it when it has run out. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#watching;
    this.#deadline.end(new LeaseLost(this.id, 'it was left'));
  }

  async #appendNow(event: WorkerEvent): Promise<Migration> {
    for (;;) {
      this.requireHeld();
      const { version } = this.#migration;
      try {
        return this.#see(await this.#asking(() => this.#store.append(this.id, this.fence, version, event)));
      } catch (error) {
        if (!(error instanceof ServiceError) || error.code !== 'version-conflict') throw error;
        if (await this.#wasRecorded(version)) return this.#migration;
      }
    }
  }

  /** Of an answer that was lost: only who has the fence records what a worker says, and that one at a time. */
  async #wasRecorded(version: number): Promise<boolean> {
    const since = await this.#asking(() => this.#store.events(this.id, version));
    this.#see(await this.#asking(() => this.#store.get(this.id)));
    return since.some(({ event }) => !('by' in event));
  }

  #see(migration: Migration): Migration {
    if (migration.version <= this.#migration.version) return migration;
    this.#migration = migration;
    for (const listener of this.#listeners) listener(migration);
    return migration;
  }

  async #asking<Result>(ask: () => Promise<Result>): Promise<Result> {
    try {
      return await whileUnavailable(ask, this.signal);
    } catch (error) {
      throw this.#orLost(error);
    }
  }

  #orLost(error: unknown): unknown {
    if (!(error instanceof ServiceError) || error.code !== 'stale-fence') return error;
    const lost = new LeaseLost(this.id, error.message, error);
    this.#deadline.end(lost);
    return lost;
  }

  /** Looks once a second, and prolongs the lease when a third of it has passed. */
  async #watch(askedAt: number): Promise<void> {
    const beatMs = this.#leaseMs / 3;
    const stop = AbortSignal.any([this.#over.signal, this.signal]);
    for (let beatAt = askedAt + beatMs; !stop.aborted;) {
      const look = Math.min(LOOK_MS, Math.max(0, beatAt - performance.now()));
      await sleep(look, undefined, { signal: stop }).catch(() => undefined);
      if (stop.aborted) return;
      const now = performance.now();
      try {
        this.#see(now >= beatAt ? await this.#beat(now) : await this.#store.get(this.id));
        if (now >= beatAt) beatAt = now + beatMs;
      } catch (error) {
        this.#orLost(error);
        // The next look asks again; what the store has to say against it is said to who appends.
        if (now >= beatAt) beatAt = now + Math.min(beatMs, isStoreUnavailable(error) ? LOOK_MS / 4 : LOOK_MS);
      }
    }
  }

  async #beat(sentAt: number): Promise<Migration> {
    const migration = await this.#store.heartbeat(this.id, this.fence, this.#leaseMs);
    this.#deadline.moveTo(sentAt + this.#leaseMs);
    return migration;
  }
}
