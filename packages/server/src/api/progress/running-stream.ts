import type { Language } from '../language.ts';
import { migrationView } from '../views/migration-view.ts';
import type { Channel } from './channel.ts';
import type { News } from './look.ts';

/**
 * All that run, told to one client: first which they are (`running`), then each as it stands and whenever its version
 * changes (`migration`), the last time when it does not run any more; and what workers measure (`live`), without the maps,
 * which would be some KiB of each every second. Whoever comes again
 * is told from the beginning, so nothing has to be kept for that.
 */
export class RunningStream {
  readonly #channel: Channel;
  readonly #language: Language;
  readonly #sent = new Map<string, number>();

  constructor(channel: Channel, language: Language) {
    this.#channel = channel;
    this.#language = language;
  }

  async begin(ids: readonly string[]): Promise<void> {
    await this.#channel.send({ event: 'running', data: { ids } });
  }

  async tell({ migration, live, isNewLive }: News): Promise<void> {
    const { id, version } = migration;
    if (version > (this.#sent.get(id) ?? 0)) {
      this.#sent.set(id, version);
      await this.#channel.send({ event: 'migration', data: migrationView(migration, this.#language) });
    }
    if (isNewLive && live !== undefined) await this.#channel.send({ event: 'live', data: { ...live, id, map: null } });
  }
}
