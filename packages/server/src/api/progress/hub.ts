import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyBaseLogger } from 'fastify';
import type { Stores } from '../../store/stores.ts';
import { look, type News, type Seen } from './look.ts';

export type Listener = (news: News) => void;

interface HubOptions {
  readonly stores: Pick<Stores, 'migrations' | 'live' | 'lines'>;
  readonly log: FastifyBaseLogger;
  readonly pollMs: number;
}

/**
 * Looks at the store for all who listen: once a second however many they are, and not at all while nobody does. A poll, since
 * workers are other processes on other machines, and both databases can be asked.
 */
export class ProgressHub {
  readonly #options: HubOptions;
  /** By the id of a migration; under null those who listen to all that run. */
  readonly #listeners = new Map<string | null, Set<Listener>>();
  readonly #stop = new AbortController();
  #seen = new Map<string, Seen>();
  #looking: Promise<void> | undefined;

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** @returns what ends it */
  listen(id: string | null, listener: Listener): () => void {
    const there = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, there.add(listener));
    this.#looking ??= this.#lookOn().finally(() => (this.#looking = undefined));
    return () => {
      there.delete(listener);
      if (there.size === 0) this.#listeners.delete(id);
    };
  }

  async #lookOn(): Promise<void> {
    const { log, pollMs } = this.#options;
    const { signal } = this.#stop;
    while (this.#listeners.size > 0 && !signal.aborted) {
      await this.#look().catch((error: unknown) => log.warn({ err: error }, 'progress could not be read'));
      await sleep(pollMs, undefined, { signal }).catch(() => undefined);
    }
    this.#seen = new Map();
  }

  async #look(): Promise<void> {
    const wanted = [...this.#listeners.keys()];
    const ids = wanted.filter((id) => id !== null);
    const found = await look(this.#options.stores, { ids, running: wanted.includes(null), before: this.#seen });
    this.#seen = new Map(found.map(({ migration, live, line }) => [migration.id, { migration, live, line }]));
    for (const news of found) {
      if (!news.isNewVersion && !news.isNewLive && !news.hasNewLines) continue;
      for (const id of [news.migration.id, null]) for (const tell of this.#listeners.get(id) ?? []) tell(news);
    }
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#looking;
  }
}
