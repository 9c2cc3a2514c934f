import { sql } from 'kysely';
import type { TryRecords } from '../../access/access-records.ts';
import type { Context } from '../database.ts';

export function tryRecords({ db }: Context): TryRecords {
  return {
    /** One statement, so that many at once are all counted. What is over is taken away: names are made up by strangers. */
    async count(who, { at, windowMs }) {
      await db
        .deleteFrom('sign_in_try')
        .where('began_at', '<=', at - windowMs)
        .execute();
      const row = await db
        .insertInto('sign_in_try')
        .values({ who, began_at: at, tries: 1 })
        .onConflict((conflict) => conflict.column('who').doUpdateSet({ tries: sql`sign_in_try.tries + 1` }))
        .returning(['tries', 'began_at'])
        .executeTakeFirstOrThrow();
      return { tries: row.tries, beganAt: row.began_at };
    },

    async takeBack(who) {
      await db
        .updateTable('sign_in_try')
        .set((eb) => ({ tries: eb('tries', '-', 1) }))
        .where('who', '=', who)
        .where('tries', '>', 0)
        .execute();
    },

    async forget(who) {
      await db.deleteFrom('sign_in_try').where('who', '=', who).execute();
    },
  };
}
