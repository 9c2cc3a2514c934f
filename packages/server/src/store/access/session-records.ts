import type { SessionRecords } from '../../access/access-records.ts';
import type { Context } from '../database.ts';
import { userOf } from './account-records.ts';

const MINUTE_MS = 60_000;

export function sessionRecords({ db, system }: Context): SessionRecords {
  return {
    add: ({ digest, account, password, at, expiresAt }) =>
      db.transaction().execute(async (within) => {
        await within.deleteFrom('session').where('expires_at', '<=', at).execute();
        const owner = await within
          .selectFrom('account')
          .select('password')
          .where('id', '=', account)
          // Who changes the password waits for this, and then ends what was added.
          .$if(system === 'postgres', (query) => query.forShare())
          .executeTakeFirst();
        if (owner === undefined || (password !== undefined && owner.password !== password)) return false;
        const row = { digest, account_id: account, seen_at: at, expires_at: expiresAt };
        await within.insertInto('session').values(row).execute();
        return true;
      }),

    async use(digest, { at, idleMs }) {
      const row = await db
        .selectFrom('session as s')
        .innerJoin('account as a', 'a.id', 's.account_id')
        .select(['a.id', 'a.name', 'a.role', 'a.disabled', 'a.created_at', 's.seen_at'])
        .where('s.digest', '=', digest)
        .where('s.expires_at', '>', at)
        .where('s.seen_at', '>', at - idleMs)
        .where('a.disabled', '=', 0)
        .executeTakeFirst();
      if (!row) return undefined;
      if (row.seen_at <= at - MINUTE_MS) {
        await db.updateTable('session').set({ seen_at: at }).where('digest', '=', digest).execute();
      }
      return userOf(row);
    },

    async end(digest) {
      await db.deleteFrom('session').where('digest', '=', digest).execute();
    },
  };
}
