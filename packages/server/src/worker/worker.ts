import { setTimeout as sleep } from 'node:timers/promises';
import { Workshop } from '@diskferry/engine';
import type { Claim } from '../migrations/store.ts';
import { Bandwidths } from './bandwidth/bandwidths.ts';
import { ClaimLoop } from './claim-loop.ts';
import { holdMigration } from './hold-migration.ts';
import { CheckpointFolder } from './land/checkpoint-folder.ts';
import { Lease } from './lease/lease.ts';
import { LeaseLost } from './lease/lease-lost.ts';
import { Reporting } from './reporting.ts';
import { sweepCheckpoints, sweepHeld } from './sweep.ts';
import { USUAL_TIMES, type Shared, type WorkerOptions } from './worker-parts.ts';

/** A process's part in the service: takes migrations and does their stages. */
export interface RunningWorker {
  readonly id: string;
  /** There may be something to do: looks at once. */
  nudge(): void;
  /** Takes nothing more, stops what it does after keeping what was done, and gives it back. Settles when all is over. */
  stop(): Promise<void>;
}

/** Requests to sources at once, shared among the copies that may run: each holds some MiB for every one of its. */
const CONNECTIONS = 16;
const CONNECTIONS_OF_A_COPY = { least: 2, most: 8 } as const;

/** Begins to work at once. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const worker = new Worker(options, await CheckpointFolder.make(options.dataFolder));
  const over = worker.run();
  return { id: options.id, nudge: () => worker.nudge(), stop: () => (worker.end(), over) };
}

class Worker {
  readonly #shared: Shared;
  readonly #checkpoints: CheckpointFolder;
  readonly #bandwidths = new Bandwidths();
  readonly #busy = new Set<string>();
  readonly #leaving = new AbortController();
  readonly #loop: ClaimLoop;
  readonly #reporting: Reporting;

  constructor(options: WorkerOptions, checkpoints: CheckpointFolder) {
    const { times, labels = [], log = () => {}, ...given } = options;
    this.#shared = {
      ...given,
      log,
      times: { ...USUAL_TIMES, ...times },
      workshop: new Workshop(),
      changed: () => void this.#reporting.report(),
    };
    this.#checkpoints = checkpoints;
    this.#reporting = new Reporting({
      shared: this.#shared,
      labels: [...labels, `provider:${options.provider.name}`],
      busy: this.#busy,
      concurrency: () => this.#loop.settings.concurrency.worker,
      startedAt: Date.now(),
    });
    this.#loop = new ClaimLoop({
      shared: this.#shared,
      labels: () => this.#reporting.labels(),
      busy: this.#busy,
      begin: (claim, askedAt) => this.#work(claim, askedAt),
    });
  }

  nudge(): void {
    this.#loop.nudge();
  }

  end(): void {
    this.#leaving.abort(new Error('the worker ends'));
  }

  async run(): Promise<void> {
    const stop = this.#leaving.signal;
    await this.#look();
    const looking = this.#lookOften(stop);
    await this.#attempt('not swept', () => sweepCheckpoints(this.#shared, this.#checkpoints));
    await this.#sweep();
    const draining = new Promise<void>((resolve) => {
      const drain = () => resolve(this.#reporting.drain());
      if (stop.aborted) drain();
      else stop.addEventListener('abort', drain, { once: true });
    });
    await this.#loop.run(stop);
    await Promise.all([looking, draining]);
    await this.#reporting.leave();
    await this.#shared.workshop[Symbol.asyncDispose]();
  }

  async #lookOften(stop: AbortSignal): Promise<void> {
    for (;;) {
      await sleep(this.#shared.times.report, undefined, { signal: stop }).catch(() => undefined);
      if (stop.aborted) return;
      await this.#look();
      // A migration may have been cancelled while nobody worked on it, or the provider did not answer when it ended.
      await this.#sweep();
    }
  }

  /** What an admin has set, and what the fleet should know. */
  async #look(): Promise<void> {
    await this.#attempt('the settings were not read', async () => {
      const { settings } = await this.#shared.stores.settings.read();
      this.#bandwidths.apply(settings.bandwidth);
      this.#loop.apply(settings);
    });
    await this.#reporting.report();
  }

  /** One claim. Whatever happens to it is no reason for the others to end. */
  async #work(claim: Claim, askedAt: number): Promise<void> {
    const { id } = claim.migration;
    const { stores, times, log } = this.#shared;
    this.#busy.add(id);
    try {
      await using lease = new Lease(stores.migrations, claim, { leaseMs: times.lease, askedAt });
      await holdMigration(lease, {
        shared: this.#shared,
        checkpoints: this.#checkpoints,
        bandwidths: this.#bandwidths,
        connections: this.#connections(),
        leaving: this.#leaving.signal,
      });
    } catch (error) {
      const isFault = !(error instanceof LeaseLost);
      log(isFault ? 'error' : 'warn', error instanceof Error ? error.message : 'unknown', { migration: id });
    } finally {
      this.#busy.delete(id);
      await this.#sweep();
      await this.#reporting.report();
    }
  }

  #connections(): number {
    const { least, most } = CONNECTIONS_OF_A_COPY;
    const each = Math.floor(CONNECTIONS / Math.max(1, this.#loop.settings.concurrency.worker));
    return Math.min(most, Math.max(least, each));
  }

  #sweep(): Promise<void> {
    return this.#attempt('not swept', () => sweepHeld(this.#shared, (id) => this.#busy.has(id)));
  }

  /** What is done again soon: that it failed is only logged. */
  async #attempt(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#shared.log('error', `${what}: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }
}
