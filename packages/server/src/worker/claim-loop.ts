import { setTimeout as sleep } from 'node:timers/promises';
import type { Claim, ClaimAsk } from '../migrations/store.ts';
import { DEFAULT_SETTINGS, type Settings } from '../settings/settings.ts';
import type { Shared } from './worker-parts.ts';

export interface ClaimLoopParts {
  readonly shared: Shared;
  /** What this worker can be asked for; undefined while it must not take anything. */
  readonly labels: () => readonly string[] | undefined;
  /** Ids of what it holds. */
  readonly busy: ReadonlySet<string>;
  /** Begins with a migration; never throws. Settles when that is over for this worker. */
  readonly begin: (claim: Claim, askedAt: number) => Promise<void>;
}

/** Takes migrations as long as there is room for them. */
export class ClaimLoop {
  readonly #parts: ClaimLoopParts;
  readonly #running = new Set<Promise<void>>();
  #settings: Settings = DEFAULT_SETTINGS;
  #nudged = new AbortController();

  constructor(parts: ClaimLoopParts) {
    this.#parts = parts;
  }

  apply(settings: Settings): void {
    this.#settings = settings;
    this.nudge();
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** There may be something to take. */
  nudge(): void {
    this.#nudged.abort();
  }

  /** Until the signal aborts; then it waits for all that was begun. */
  async run(signal: AbortSignal): Promise<void> {
    const { shared } = this.#parts;
    while (!signal.aborted) {
      const nudged = (this.#nudged = new AbortController());
      if (await this.#takeOne()) continue;
      // Jitter: workers that look at the same moments get in each other's way.
      const wait = shared.times.poll * (0.75 + Math.random() / 2);
      const either = AbortSignal.any([signal, nudged.signal]);
      await sleep(wait, undefined, { signal: either }).catch(() => undefined);
    }
    await Promise.all(this.#running);
  }

  async #takeOne(): Promise<boolean> {
    const { shared, begin } = this.#parts;
    try {
      const ask = await this.#ask();
      if (ask === undefined) return false;
      const askedAt = performance.now();
      const claim = await shared.stores.migrations.claim(shared.id, ask);
      if (claim === undefined) return false;
      const run: Promise<void> = begin(claim, askedAt).finally(() => {
        this.#running.delete(run);
        this.nudge();
      });
      this.#running.add(run);
      return true;
    } catch (error) {
      shared.log('error', `nothing can be taken: ${error instanceof Error ? error.message : 'unknown'}`);
      return false;
    }
  }

  /** Undefined: there is no room. */
  async #ask(): Promise<ClaimAsk | undefined> {
    const { shared, labels, busy } = this.#parts;
    const { worker, host, provider } = this.#settings.concurrency;
    const has = labels();
    if (has === undefined || busy.size >= worker) return undefined;
    const ask = { labels: has, leaseMs: shared.times.lease };
    if (host === null && provider === null) return ask;
    const { hosts, providers } = await shared.stores.migrations.running();
    return { ...ask, fullHosts: full(hosts, host), fullProviders: full(providers, provider) };
  }
}

function full(counts: Readonly<Record<string, number>>, limit: number | null): string[] {
  if (limit === null) return [];
  return Object.entries(counts)
    .filter(([, count]) => count >= limit)
    .map(([name]) => name);
}
