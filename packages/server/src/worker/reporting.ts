import { ServiceError } from '../base/errors.ts';
import { featuresOf } from '../providers/features-of.ts';
import type { Shared } from './worker-parts.ts';

export interface ReportParts {
  readonly shared: Shared;
  readonly labels: readonly string[];
  readonly busy: ReadonlySet<string>;
  readonly concurrency: () => number;
  readonly startedAt: number;
}

/** Tells the fleet that this worker is there, and what its provider has. */
export class Reporting {
  readonly #parts: ReportParts;
  #last: Promise<void> = Promise.resolve();
  #ours = false;
  #draining = false;

  constructor(parts: ReportParts) {
    this.#parts = parts;
  }

  /** What it can be asked for; nothing while the name of its provider is that of another machine's. */
  labels(): readonly string[] | undefined {
    return this.#ours ? this.#parts.labels : undefined;
  }

  /** One after the other. What cannot be told now is told the next time. */
  report(): Promise<void> {
    this.#last = this.#last.then(() => this.#report());
    return this.#last;
  }

  async drain(): Promise<void> {
    this.#draining = true;
    await this.report();
  }

  async leave(): Promise<void> {
    await this.#last;
    const { shared } = this.#parts;
    await shared.stores.fleet.leave(shared.id).catch(() => undefined);
  }

  async #report(): Promise<void> {
    const { shared, labels, busy, concurrency, startedAt } = this.#parts;
    const { id, host, version, provider, stores, log } = shared;
    try {
      await stores.fleet.report({
        id,
        host,
        version,
        labels,
        concurrency: concurrency(),
        startedAt,
        busyWith: [...busy],
        draining: this.#draining,
      });
      const [regions, instances, volumes] = [
        await provider.regions(),
        await provider.listInstances(),
        await provider.listVolumes(),
      ];
      const { name, limits, traits } = provider;
      const has = { limits, traits, features: featuresOf(provider), regions, instances, volumes };
      await stores.fleet.reportInventory({ provider: name, worker: id, host, ...has });
      this.#ours = true;
    } catch (error) {
      // Another machine has a provider of this name: what is meant for that one must not be taken here.
      if (error instanceof ServiceError && error.code === 'invalid-request') this.#ours = false;
      log('error', `the fleet was not told: ${error instanceof Error ? error.message : 'unknown'}`);
    }
  }
}
