import { sql } from 'kysely';
import { requireLimit } from '../../base/limit.ts';
import { requirePrintable } from '../../base/printable.ts';
import type { ListAsk, Page } from '../../migrations/store.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Context } from '../database.ts';
import { patternOf } from '../pattern.ts';
import { fromBody } from './project.ts';

export async function list({ db }: Context, ask: ListAsk): Promise<Page> {
  const { states, kinds, text, resource, by, cursor, limit } = ask;
  requireLimit(limit);
  for (const given of [text, resource, by]) requirePrintable('text', given ?? '');
  let query = db
    .selectFrom('migration')
    .select(['seq', 'body'])
    .orderBy('seq', 'desc')
    .limit(limit + 1);
  if (cursor !== undefined) query = query.where('seq', '<', decodeCursor(cursor));
  if (states) query = query.where(({ eb, lit }) => (states.length > 0 ? eb('state', 'in', states) : lit(false)));
  if (kinds) query = query.where(({ eb, lit }) => (kinds.length > 0 ? eb('kind', 'in', kinds) : lit(false)));
  if (text) query = query.where(sql<boolean>`name_folded like ${patternOf(text)} escape '!'`);
  if (by !== undefined) query = query.where('created_by', '=', by);
  if (resource !== undefined) {
    query = query.where(({ eb, selectFrom }) => {
      const onto = selectFrom('migration_resource').select('migration_id').where('resource', '=', resource);
      return eb('id', 'in', onto);
    });
  }
  const rows = await query.execute();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { migrations: shown.map(fromBody), next: rows.length > limit && last ? encodeCursor(last.seq) : undefined };
}
