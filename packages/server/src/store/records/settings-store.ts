import { ServiceError } from '../../base/errors.ts';
import { requireSoundSettings } from '../../settings/require-sound.ts';
import { DEFAULT_SETTINGS, type Settings, type SettingsStore } from '../../settings/settings.ts';
import type { Context, Queries } from '../database.ts';

/** All of them in one row: a change of one is compared with all that its author had seen. */
const NAME = 'service';

export function settingsStore({ db }: Context): SettingsStore {
  return {
    async read() {
      const row = await db.selectFrom('setting').selectAll().where('name', '=', NAME).executeTakeFirst();
      if (!row) return { settings: DEFAULT_SETTINGS, version: 0 };
      return { settings: JSON.parse(row.body) as Settings, version: row.version };
    },

    async write(settings, expectedVersion) {
      requireSoundSettings(settings);
      const body = JSON.stringify(settings);
      const written = expectedVersion === 0 ? await insert(db, body) : await update(db, body, expectedVersion);
      if (!written) {
        throw new ServiceError('version-conflict', `the settings were expected at version ${expectedVersion}`);
      }
      return { settings, version: expectedVersion + 1 };
    },
  };
}

async function insert(db: Queries, body: string): Promise<boolean> {
  const row = await db
    .insertInto('setting')
    .values({ name: NAME, version: 1, body })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .returning('version')
    .executeTakeFirst();
  return row !== undefined;
}

async function update(db: Queries, body: string, version: number): Promise<boolean> {
  const row = await db
    .updateTable('setting')
    .set({ version: version + 1, body })
    .where('name', '=', NAME)
    .where('version', '=', version)
    .returning('version')
    .executeTakeFirst();
  return row !== undefined;
}
