import { sql } from 'kysely';
import { ServiceError } from '../base/errors.ts';
import { requirePrintable } from '../base/printable.ts';
import type { ListAsk, Page } from '../migrations/store.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Context } from './database.ts';
import { foldCase, fromBody } from './project.ts';

const MOST = 500;

export async function list({ db }: Context, { states, kinds, text, cursor, limit }: ListAsk): Promise<Page> {
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST) {
    throw new ServiceError('invalid-request', `limit is ${limit}; whole numbers from 1 to ${MOST} are allowed`);
  }
  requirePrintable('text', text ?? '');
  let query = db
    .selectFrom('migration')
    .select(['seq', 'body'])
    .orderBy('seq', 'desc')
    .limit(limit + 1);
  if (cursor !== undefined) query = query.where('seq', '<', decodeCursor(cursor));
  if (states) query = query.where(({ eb, lit }) => (states.length > 0 ? eb('state', 'in', states) : lit(false)));
  if (kinds) query = query.where(({ eb, lit }) => (kinds.length > 0 ? eb('kind', 'in', kinds) : lit(false)));
  if (text) query = query.where(sql<boolean>`name_folded like ${patternOf(text)} escape '!'`);
  const rows = await query.execute();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { migrations: shown.map(fromBody), next: rows.length > limit && last ? encodeCursor(last.seq) : undefined };
}

/** What is typed is looked for as it is: `%` and `_` mean themselves. */
function patternOf(text: string): string {
  return `%${foldCase(text).replaceAll(/[!%_]/g, '!$&')}%`;
}
