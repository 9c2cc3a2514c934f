import { sql } from 'kysely';
import { requirePrintable } from '../../base/printable.ts';
import type { Claim, ClaimAsk } from '../../migrations/store.ts';
import type { Context } from '../database.ts';
import { leaseUntil } from './lease-until.ts';
import { fromBody } from './project.ts';

/**
 * One statement finds and takes. SQLite has one writer; in PostgreSQL workers pass by a row that another is just taking
 * (`skip locked`), and a row that was taken meanwhile no longer meets the conditions when it is locked.
 */
export async function claim(context: Context, worker: string, ask: ClaimAsk): Promise<Claim | undefined> {
  const { labels = [], fullHosts = [], fullProviders = [] } = ask;
  for (const text of [worker, ...labels, ...fullHosts, ...fullProviders])
    requirePrintable('worker, label or host', text);
  const until = leaseUntil(context, ask.leaseMs);
  const row = await context.db
    .updateTable('migration')
    .set((eb) => ({ fence: eb('fence', '+', 1), lease_worker: worker, lease_until: until }))
    .where('seq', '=', nextDue(context, { labels, fullHosts, fullProviders }))
    .returning(['body', 'fence'])
    .executeTakeFirst();
  return row && { migration: fromBody(row), fence: row.fence };
}

type Passing = Required<Pick<ClaimAsk, 'labels' | 'fullHosts' | 'fullProviders'>>;

function nextDue({ db, system, now }: Context, { labels, fullHosts, fullProviders }: Passing) {
  const fullLabels = fullProviders.map((name) => `provider:${name}`);
  return db
    .selectFrom('migration as m')
    .select('m.seq')
    .where('m.runnable', '=', sql.lit(1))
    .where('m.not_before', '<=', now())
    .where((eb) => eb.or([eb('m.lease_until', 'is', null), eb('m.lease_until', '<=', now())]))
    .where(({ not, exists, selectFrom }) => {
      const needed = selectFrom('migration_label as l').select('l.label').whereRef('l.migration_id', '=', 'm.id');
      return not(exists(labels.length > 0 ? needed.where('l.label', 'not in', labels) : needed));
    })
    .$if(fullHosts.length > 0, (query) =>
      query.where(({ not, exists, selectFrom }) => {
        const readFrom = selectFrom('migration_host as h').select('h.host').whereRef('h.migration_id', '=', 'm.id');
        return not(exists(readFrom.where('h.host', 'in', fullHosts)));
      }),
    )
    .$if(fullLabels.length > 0, (query) =>
      query.where(({ not, exists, selectFrom }) => {
        const onto = selectFrom('migration_label as p').select('p.label').whereRef('p.migration_id', '=', 'm.id');
        return not(exists(onto.where('p.label', 'in', fullLabels)));
      }),
    )
    .orderBy('m.priority', 'desc')
    .orderBy('m.seq')
    .limit(1)
    .$if(system === 'postgres', (query) => query.forUpdate('m').skipLocked());
}
