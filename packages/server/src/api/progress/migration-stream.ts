import type { LoggedEvent } from '../../migrations/event.ts';
import type { LineStore } from '../../live/lines.ts';
import type { MigrationStore } from '../../migrations/store.ts';
import type { Language } from '../language.ts';
import { eventView } from '../views/event-view.ts';
import { migrationView } from '../views/migration-view.ts';
import type { Channel } from './channel.ts';
import type { News } from './look.ts';

interface About {
  readonly migrations: Pick<MigrationStore, 'events'>;
  readonly lines: Pick<LineStore, 'read'>;
  readonly language: Language;
  /** The version that the client has already: every later event of the log is sent. */
  readonly from: number;
}

/**
 * One migration, told to one client: each event of the log (`logged`), then the migration as they left it (`migration`),
 * both with the version as their id; what the worker measures (`live`) and says (`lines`) have none.
 */
export class MigrationStream {
  readonly #channel: Channel;
  readonly #about: About;
  #sent: number;
  #line = 0;
  #isGreeted = false;

  constructor(channel: Channel, about: About) {
    this.#channel = channel;
    this.#about = about;
    this.#sent = about.from;
  }

  /** One after the other: the next only once this has settled. */
  async tell({ migration, events, live, isNewLive, line }: News): Promise<void> {
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
    if (line > this.#line) await this.#tellLines(migration.id);
  }

  /** Whoever comes, also again, is told all that is kept: lines have their numbers, and are mostly some hundred KiB. */
  async #tellLines(id: string): Promise<void> {
    const items = await this.#about.lines.read(id, this.#line);
    this.#line = items.at(-1)?.seq ?? this.#line;
    await this.#channel.send({ event: 'lines', data: { items } });
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
