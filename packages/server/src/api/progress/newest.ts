import type { Channel } from './channel.ts';
import type { News } from './look.ts';

/**
 * Tells a client about migrations as fast as it takes it. While it is being told, of what comes about one migration only
 * the last is kept: nothing piles up here for a slow client.
 */
export class Newest {
  readonly #channel: Channel;
  readonly #tellOne: (news: News) => Promise<void>;
  readonly #waiting = new Map<string, News>();
  #isTelling = false;

  constructor(channel: Channel, tellOne: (news: News) => Promise<void>) {
    this.#channel = channel;
    this.#tellOne = tellOne;
  }

  tell(news: News): void {
    const { id } = news.migration;
    const isNewLive = news.isNewLive || this.#waiting.get(id)?.isNewLive === true;
    this.#waiting.set(id, { ...news, isNewLive });
    if (!this.#isTelling) void this.#tellAll();
  }

  async #tellAll(): Promise<void> {
    this.#isTelling = true;
    try {
      for (const [id, news] of this.#waiting) {
        this.#waiting.delete(id);
        if (this.#channel.isOpen) await this.#tellOne(news);
      }
    } catch {
      // The log could not be read. The client comes again, and says what it has.
      this.#channel.end();
    } finally {
      this.#isTelling = false;
    }
  }
}
