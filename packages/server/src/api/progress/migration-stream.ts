import type { LoggedEvent } from '../../migrations/event.ts';
import type { MigrationStore } from '../../migrations/store.ts';
import type { Language } from '../language.ts';
import { eventView } from '../views/event-view.ts';
import { migrationView } from '../views/migration-view.ts';
import type { Channel } from './channel.ts';
import type { News } from './look.ts';

interface About {
  readonly migrations: Pick<MigrationStore, 'events'>;
  readonly language: Language;
  /** The version that the client has already: every later event of the log is sent. */
  readonly from: number;
}

/**
 * One migration, told to one client: each event of the log (`logged`), then the migration as they left it (`migration`),
 * both with the version as their id; and what the worker measures (`live`), which has none and need not be told again.
 */
export class MigrationStream {
  readonly #channel: Channel;
  readonly #about: About;
  #sent: number;
  #latest: News | undefined;
  #isTelling = false;

  constructor(channel: Channel, about: About) {
    this.#channel = channel;
    this.#about = about;
    this.#sent = about.from;
  }

  /** Of what comes while the client is still being told, only the last counts: what lies between is read from the log. */
  tell(news: News): void {
    const isNewLive = news.isNewLive || this.#latest?.isNewLive === true;
    this.#latest = { ...news, isNewLive };
    if (!this.#isTelling) void this.#tellAll();
  }

  async #tellAll(): Promise<void> {
    this.#isTelling = true;
    try {
      for (let news = this.#latest; news !== undefined && this.#channel.isOpen; news = this.#latest) {
        this.#latest = undefined;
        await this.#tellOne(news);
      }
    } catch {
      // The log could not be read. The client comes again, and says what it has.
      this.#channel.end();
    } finally {
      this.#isTelling = false;
    }
  }

  async #tellOne({ migration, events, live, isNewLive }: News): Promise<void> {
    const { version } = migration;
    if (version > this.#sent) {
      for (const logged of await this.#missing(migration, events)) {
        this.#channel.send({ event: 'logged', id: `${logged.version}`, data: eventView(logged) });
      }
      this.#send(migration);
    }
    if (isNewLive && live !== undefined) this.#channel.send({ event: 'live', data: live });
  }

  async #missing({ id, version }: News['migration'], told: readonly LoggedEvent[]): Promise<readonly LoggedEvent[]> {
    const sent = this.#sent;
    const complete = told.some((logged) => logged.version === sent + 1);
    const known = complete ? told : await this.#about.migrations.events(id, sent);
    return known.filter((logged) => logged.version > sent && logged.version <= version);
  }

  #send(migration: News['migration']): void {
    const { version } = migration;
    this.#sent = version;
    this.#channel.send({ event: 'migration', id: `${version}`, data: migrationView(migration, this.#about.language) });
  }
}
