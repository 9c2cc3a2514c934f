import { sql } from 'kysely';
import type { Account, AccountRecords } from '../../access/access-records.ts';
import type { User } from '../../access/access.ts';
import { ServiceError } from '../../base/errors.ts';
import { foldCase } from '../../base/fold-case.ts';
import { isPrintable } from '../../base/printable.ts';
import type { Context, Queries } from '../database.ts';

/** Any number that no other program takes for its advisory lock. */
const GUARD = 7_070_002;

export function accountRecords(context: Context): AccountRecords {
  const { db } = context;
  return {
    any: () => anyAccount(db),
    async list() {
      return (await db.selectFrom('account').selectAll().orderBy('name_folded').execute()).map(userOf);
    },
    find: (name) => find(db, name),
    create: (account) => create(db, account),
    createFirst: (account) =>
      oneAfterTheOther(context, async (within) => {
        if (await anyAccount(within)) return false;
        await create(within, account);
        return true;
      }),
    change: (id, change) => oneAfterTheOther(context, (within) => changeAccount(within, id, change)),
    delete: (id) =>
      oneAfterTheOther(context, async (within) => {
        await requireAnotherAdmin(within, await userById(within, id));
        await within.deleteFrom('account').where('id', '=', id).execute();
      }),
  };
}

/** Two admins that demote each other at the same moment would leave none: so one comes after the other. */
function oneAfterTheOther<T>({ db, system }: Context, run: (within: Queries) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (within) => {
    if (system === 'postgres') await sql`select pg_advisory_xact_lock(${GUARD})`.execute(within);
    return run(within);
  });
}

async function anyAccount(db: Queries): Promise<boolean> {
  return (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) !== undefined;
}

async function find(db: Queries, name: string): Promise<Account | undefined> {
  if (!isPrintable(name)) return undefined;
  const row = await db.selectFrom('account').selectAll().where('name_folded', '=', foldCase(name)).executeTakeFirst();
  return row && { ...userOf(row), password: row.password };
}

async function create(db: Queries, { createdAt, disabled, ...account }: Account): Promise<void> {
  const made = await db
    .insertInto('account')
    .values({ ...account, name_folded: foldCase(account.name), disabled: disabled ? 1 : 0, created_at: createdAt })
    .onConflict((conflict) => conflict.column('name_folded').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!made) throw new ServiceError('invalid-request', `there is a user ${account.name} already`, { at: '/name' });
}

type Change = Parameters<AccountRecords['change']>[1];

async function changeAccount(db: Queries, id: string, { disabled, ...change }: Change): Promise<User> {
  const before = await userById(db, id);
  const after = { ...before, ...(change.role && { role: change.role }), disabled: disabled ?? before.disabled };
  if (change.password === undefined && after.role === before.role && after.disabled === before.disabled) return before;
  if (after.disabled || after.role !== 'admin') await requireAnotherAdmin(db, before);
  await db
    .updateTable('account')
    .set({ ...change, disabled: after.disabled ? 1 : 0 })
    .where('id', '=', id)
    .execute();
  await db.deleteFrom('session').where('account_id', '=', id).execute();
  await db.deleteFrom('sign_in_link').where('account_id', '=', id).execute();
  return after;
}

async function userById(db: Queries, id: string): Promise<User> {
  const query = db.selectFrom('account').selectAll().where('id', '=', id);
  const row = isPrintable(id) ? await query.executeTakeFirst() : undefined;
  if (row) return userOf(row);
  throw new ServiceError('not-found', `there is no user ${id}`);
}

async function requireAnotherAdmin(db: Queries, { id, name, role, disabled }: User): Promise<void> {
  if (role !== 'admin' || disabled) return;
  const another = await db
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'admin')
    .where('disabled', '=', 0)
    .where('id', '!=', id)
    .limit(1)
    .executeTakeFirst();
  if (!another) throw new ServiceError('last-admin', `${name} is the last admin that can sign in`);
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly role: User['role'];
  readonly disabled: number;
  readonly created_at: number;
}

export function userOf({ id, name, role, disabled, created_at }: Row): User {
  return { id, name, role, createdAt: created_at, disabled: disabled === 1 };
}
