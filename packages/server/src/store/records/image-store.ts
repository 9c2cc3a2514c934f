import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import { ServiceError } from '../../base/errors.ts';
import { foldCase } from '../../base/fold-case.ts';
import { requireLimit } from '../../base/limit.ts';
import { isPrintable, requirePrintable } from '../../base/printable.ts';
import { MOST_IMAGES, type ImageStore, type SeenImage, type Sight } from '../../images/seen-image.ts';
import { decodeSeenCursor, encodeSeenCursor } from '../cursor.ts';
import type { Context, Queries } from '../database.ts';
import { patternOf } from '../pattern.ts';

export function imageStore({ db }: Context): ImageStore {
  return {
    async saw(sights) {
      if (sights.length === 0) return;
      await db.transaction().execute(async (within) => {
        // In one order: two that see the same images at once would wait for each other.
        const sorted = sights.toSorted((a, b) => (a.link < b.link ? -1 : 1));
        for (const sight of sorted) await keep(within, sight);
        await forgetOldest(within);
      });
    },

    async list({ text, cursor, limit }) {
      requireLimit(limit);
      requirePrintable('text', text ?? '');
      let query = db
        .selectFrom('seen_image')
        .select(['id', 'seen_at', 'body'])
        .orderBy('seen_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (text) query = query.where(sql<boolean>`link_folded like ${patternOf(text)} escape '!'`);
      if (cursor !== undefined) {
        const { at, id } = decodeSeenCursor(cursor);
        query = query.where(({ eb, or, and }) => {
          return or([eb('seen_at', '<', at), and([eb('seen_at', '=', at), eb('id', '<', id)])]);
        });
      }
      const rows = await query.execute();
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return {
        images: shown.map(fromBody),
        next: rows.length > limit && last ? encodeSeenCursor({ at: last.seen_at, id: last.id }) : undefined,
      };
    },

    async read(id) {
      const kept = isPrintable(id) ? await find(db, id) : undefined;
      return kept ?? unknown(id);
    },

    async forget(id) {
      if (!isPrintable(id)) unknown(id);
      const gone = await db.deleteFrom('seen_image').where('id', '=', id).returning('id').executeTakeFirst();
      if (!gone) unknown(id);
    },
  };
}

/** A preflight that comes after a migration has looked does not make one forget the migration. */
async function keep(db: Queries, sight: Sight): Promise<void> {
  const id = idOf(sight.link);
  const known = await find(db, id);
  const firstSeenAt = known?.firstSeenAt ?? sight.seenAt;
  const migration = sight.migration ?? known?.migration ?? null;
  const image: SeenImage = { ...sight, id, firstSeenAt, migration };
  const row = { link_folded: foldCase(sight.link), seen_at: sight.seenAt, body: JSON.stringify(image) };
  await db
    .insertInto('seen_image')
    .values({ id, ...row })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
    .execute();
}

async function forgetOldest(db: Queries): Promise<void> {
  const oldest = await db
    .selectFrom('seen_image')
    .select('seen_at')
    .orderBy('seen_at', 'desc')
    .offset(MOST_IMAGES)
    .limit(1)
    .executeTakeFirst();
  if (oldest) await db.deleteFrom('seen_image').where('seen_at', '<=', oldest.seen_at).execute();
}

async function find(db: Queries, id: string): Promise<SeenImage | undefined> {
  const row = await db.selectFrom('seen_image').select('body').where('id', '=', id).executeTakeFirst();
  return row && fromBody(row);
}

function fromBody({ body }: { readonly body: string }): SeenImage {
  return JSON.parse(body) as SeenImage;
}

/** Of a link as it is shown: nothing secret can be found out by trying. */
function idOf(link: string): string {
  return `img-${createHash('sha256').update(link).digest('hex').slice(0, 16)}`;
}

function unknown(id: string): never {
  throw new ServiceError('not-found', `no image with the id ${JSON.stringify(id)} was seen`);
}
