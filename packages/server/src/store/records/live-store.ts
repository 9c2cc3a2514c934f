import type { LiveProgress } from '@diskferry/protocol';
import { isPrintable } from '../../base/printable.ts';
import type { LiveStore } from '../../live/live.ts';
import { isStage } from '../../migrations/stages.ts';
import type { Context } from '../database.ts';
import { fromBody } from '../migrations/project.ts';
import { heldRow } from './held.ts';

/** Ids in one statement: databases have a limit. */
const AT_ONCE = 500;

export function liveStore(context: Context): LiveStore {
  const { db } = context;
  const readMany = async (ids: readonly string[]) => {
    const found = new Map<string, LiveProgress>();
    const known = [...new Set(ids)].filter(isPrintable);
    for (let from = 0; from < known.length; from += AT_ONCE) {
      const some = known.slice(from, from + AT_ONCE);
      const rows = await db.selectFrom('live').selectAll().where('migration_id', 'in', some).execute();
      for (const { migration_id, body } of rows) found.set(migration_id, JSON.parse(body) as LiveProgress);
    }
    return found;
  };
  return {
    publish: (id, fence, progress) =>
      db.transaction().execute(async (within) => {
        const row = await heldRow(context, within, { id, fence });
        if (!isStage(fromBody(row).standing.state)) return;
        const body = JSON.stringify(progress);
        await within
          .insertInto('live')
          .values({ migration_id: id, body })
          .onConflict((conflict) => conflict.column('migration_id').doUpdateSet({ body }))
          .execute();
      }),
    readMany,
    read: async (id) => (await readMany([id])).get(id),
  };
}
