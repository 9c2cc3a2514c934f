import type { LogLine } from '@diskferry/protocol';
import { isPrintable } from '../../base/printable.ts';
import { MOST_LINES, type LineStore } from '../../live/lines.ts';
import type { Context, Queries } from '../database.ts';
import { heldRow } from './held.ts';

export function lineStore(context: Context): LineStore {
  const { db } = context;
  return {
    async append(id, fence, lines) {
      if (lines.length === 0) return;
      await db.transaction().execute(async (within) => {
        await heldRow(context, within, { id, fence });
        const last = (await newest(within, [id])).get(id) ?? 0;
        const kept = lines.slice(-MOST_LINES);
        const rows = kept.map(({ at, level, text }, index) => {
          return { migration_id: id, seq: last + 1 + index, at, level, body: text };
        });
        await within.insertInto('log_line').values(rows).execute();
        await within
          .deleteFrom('log_line')
          .where('migration_id', '=', id)
          .where('seq', '<=', last + kept.length - MOST_LINES)
          .execute();
      });
    },

    async read(id, after = 0) {
      if (!isPrintable(id)) return [];
      const rows = await db
        .selectFrom('log_line')
        .selectAll()
        .where('migration_id', '=', id)
        .where('seq', '>', after)
        .orderBy('seq')
        .execute();
      return rows.map(({ seq, at, level, body }): LogLine => ({ seq, at, level, text: body }));
    },

    newest: (ids) => newest(db, ids.filter(isPrintable)),
  };
}

async function newest(db: Queries, ids: readonly string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('log_line')
    .select(({ fn }) => ['migration_id', fn.max('seq').as('seq')])
    .where('migration_id', 'in', ids)
    .groupBy('migration_id')
    .execute();
  return new Map(rows.map(({ migration_id, seq }) => [migration_id, Number(seq)]));
}
