import type { LinkRecords } from '../../access/access-records.ts';
import type { Context } from '../database.ts';
import { userOf } from './account-records.ts';

export function linkRecords({ db }: Context): LinkRecords {
  return {
    async add({ digest, account, at, expiresAt }) {
      await db.deleteFrom('sign_in_link').where('expires_at', '<=', at).execute();
      const row = { digest, account_id: account, expires_at: expiresAt };
      await db.insertInto('sign_in_link').values(row).execute();
    },

    /** The delete decides who was first: nobody else gets the row. */
    async take(digest, at) {
      const taken = await db
        .deleteFrom('sign_in_link')
        .where('digest', '=', digest)
        .returning(['account_id', 'expires_at'])
        .executeTakeFirst();
      if (!taken || taken.expires_at <= at) return undefined;
      const row = await db
        .selectFrom('account')
        .selectAll()
        .where('id', '=', taken.account_id)
        .where('disabled', '=', 0)
        .executeTakeFirst();
      return row && userOf(row);
    },
  };
}
