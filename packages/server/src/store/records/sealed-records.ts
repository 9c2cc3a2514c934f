import type { SealedRecords } from '../../secrets/sealed-records.ts';
import { isPrintable } from '../../base/printable.ts';
import type { Context } from '../database.ts';

export function sealedRecords({ db, clock }: Context): SealedRecords {
  return {
    async add({ id, keyId, nonce, sealed }) {
      await db.insertInto('secret').values({ id, key_id: keyId, nonce, sealed, created_at: clock() }).execute();
    },

    async find(id) {
      if (!isPrintable(id)) return undefined;
      const row = await db.selectFrom('secret').selectAll().where('id', '=', id).executeTakeFirst();
      return row && { id, keyId: row.key_id, nonce: row.nonce, sealed: row.sealed };
    },

    async delete(id) {
      if (isPrintable(id)) await db.deleteFrom('secret').where('id', '=', id).execute();
    },
  };
}
