import type { Selectable } from 'kysely';
import type { TokenRecords } from '../../access/access-records.ts';
import type { Token } from '../../access/access.ts';
import { ServiceError } from '../../base/errors.ts';
import { isPrintable } from '../../base/printable.ts';
import type { Context, Database, Queries } from '../database.ts';
import { userOf } from './account-records.ts';

const MINUTE_MS = 60_000;

export function tokenRecords({ db }: Context): TokenRecords {
  return {
    async list() {
      const rows = await db.selectFrom('token').selectAll().orderBy('created_at', 'desc').orderBy('id').execute();
      return rows.map(tokenOf);
    },

    async add(token) {
      if (!(await insert(db, token))) throw new ServiceError('not-found', `there is no user ${token.account} any more`);
    },

    async delete(id) {
      const query = db.deleteFrom('token').where('id', '=', id).returning('id');
      const gone = isPrintable(id) ? await query.executeTakeFirst() : undefined;
      if (!gone) throw new ServiceError('not-found', `there is no token ${id}`);
    },

    async use(digest, at) {
      const row = await db
        .selectFrom('token')
        .selectAll()
        .where('digest', '=', digest)
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', at)]))
        .executeTakeFirst();
      if (!row) return undefined;
      const account = await db.selectFrom('account').selectAll().where('id', '=', row.account_id).executeTakeFirst();
      if (!account || account.disabled === 1) return undefined;
      const token = tokenOf(row);
      if ((row.last_used_at ?? 0) > at - MINUTE_MS) return { token, owner: userOf(account) };
      await db.updateTable('token').set({ last_used_at: at }).where('id', '=', row.id).execute();
      return { token: { ...token, lastUsedAt: at }, owner: userOf(account) };
    },

    async accountOf(id) {
      const row = await db.selectFrom('token').select('account_id').where('id', '=', id).executeTakeFirst();
      return row?.account_id;
    },
  };
}

/** Only where the account is there, which another may be deleting. */
async function insert(db: Queries, token: Parameters<TokenRecords['add']>[0]): Promise<boolean> {
  const { id, digest, name, role, account, createdBy, createdAt, expiresAt, lastUsedAt } = token;
  return db.transaction().execute(async (within) => {
    const owner = await within.selectFrom('account').select('id').where('id', '=', account).executeTakeFirst();
    if (!owner) return false;
    const times = { created_at: createdAt, expires_at: expiresAt, last_used_at: lastUsedAt };
    const row = { id, digest, name, role, account_id: account, created_by: createdBy, ...times };
    await within.insertInto('token').values(row).execute();
    return true;
  });
}

function tokenOf(row: Selectable<Database['token']>): Token {
  return {
    id: row.id,
    name: row.name,
    role: row.role,
    createdBy: row.created_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}
