import { sql } from 'kysely';
import type { Claim, ClaimAsk } from '../migrations/store.ts';
import type { Context } from './database.ts';
import { fromBody } from './project.ts';

/**
 * One statement finds and takes. SQLite has one writer; in PostgreSQL workers pass by a row that another is just taking
 * (`skip locked`), and a row that was taken meanwhile no longer meets the conditions when it is locked.
 */
export async function claim(
  { db, system, now }: Context,
  worker: string,
  { labels = [], leaseMs }: ClaimAsk,
): Promise<Claim | undefined> {
  const row = await db
    .updateTable('migration')
    .set((eb) => ({
      fence: eb('fence', '+', 1),
      lease_worker: worker,
      lease_until: sql<number>`${now()} + cast(${leaseMs} as bigint)`,
    }))
    .where('seq', '=', (eb) =>
      eb
        .selectFrom('migration as m')
        .select('m.seq')
        .where('m.runnable', '=', sql.lit(1))
        .where('m.not_before', '<=', now())
        .where((eb) => eb.or([eb('m.lease_until', 'is', null), eb('m.lease_until', '<=', now())]))
        .where(({ not, exists, selectFrom }) => {
          const needed = selectFrom('migration_label as l').select('l.label').whereRef('l.migration_id', '=', 'm.id');
          return not(exists(labels.length > 0 ? needed.where('l.label', 'not in', labels) : needed));
        })
        .orderBy('m.priority', 'desc')
        .orderBy('m.seq')
        .limit(1)
        .$if(system === 'postgres', (query) => query.forUpdate('m').skipLocked()),
    )
    .returning(['body', 'fence'])
    .executeTakeFirst();
  return row && { migration: fromBody(row), fence: row.fence };
}
