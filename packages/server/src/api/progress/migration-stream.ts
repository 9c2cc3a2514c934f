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
  #isGreeted = false;

  constructor(channel: Channel, about: About) {
    this.#channel = channel;
    this.#about = about;
    this.#sent = about.from;
  }

  /** One after the other: the next only once this has settled. */
  async tell({ migration, events, live, isNewLive }: News): Promise<void> {
    const { version } = migration;
    // Whoever comes is told how it stands, also where nothing is new.
    if (version > this.#sent || !this.#isGreeted) {
      this.#isGreeted = true;
      for (const logged of await this.#missing(migration, events)) {
        await this.#channel.send({ event: 'logged', id: `${logged.version}`, data: eventView(logged) });
      }
      this.#sent = Math.max(this.#sent, version);
      const data = migrationView(migration, this.#about.language);
      await this.#channel.send({ event: 'migration', id: `${version}`, data });
    }
    if (isNewLive && live !== undefined) await this.#channel.send({ event: 'live', data: live });
  }

  /** What the news bring, where it is all; otherwise what the log has: news that came too fast are left out. */
  async #missing({ id, version }: News['migration'], told: readonly LoggedEvent[]): Promise<readonly LoggedEvent[]> {
    const sent = this.#sent;
    if (version <= sent) return [];
    const isComplete = told.some((logged) => logged.version === sent + 1);
    const known = isComplete ? told : await this.#about.migrations.events(id, sent);
    return known.filter((logged) => logged.version > sent && logged.version <= version);
  }
}
