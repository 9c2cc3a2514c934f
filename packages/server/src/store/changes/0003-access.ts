import type { ColumnDefinitionBuilder } from 'kysely';
import type { Queries, System } from '../database.ts';
import type { SchemaChange } from './change.ts';

/** Who may come in, and what they did. Of cookies, links and tokens only digests. */
export const access: SchemaChange = {
  number: 3,
  name: 'access',
  async apply(db, system) {
    await createAccount(db);
    await createSession(db);
    await db.schema
      .createTable('sign_in_link')
      .addColumn('digest', 'text', (column) => column.primaryKey())
      .addColumn('account_id', 'text', ofAccount)
      .addColumn('expires_at', 'bigint', (column) => column.notNull())
      .execute();
    await db.schema
      .createTable('sign_in_try')
      .addColumn('who', 'text', (column) => column.primaryKey())
      .addColumn('began_at', 'bigint', (column) => column.notNull())
      .addColumn('tries', 'integer', (column) => column.notNull())
      .execute();
    await db.schema.createIndex('sign_in_try_began').on('sign_in_try').column('began_at').execute();
    await createToken(db);
    await createAudit(db, system);
  },
};

/** Gone with the account. */
function ofAccount(column: ColumnDefinitionBuilder): ColumnDefinitionBuilder {
  return column.notNull().references('account.id').onDelete('cascade');
}

async function createAccount(db: Queries): Promise<void> {
  await db.schema
    .createTable('account')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('name_folded', 'text', (column) => column.notNull().unique())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('disabled', 'integer', (column) => column.notNull())
    .addColumn('password', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
}

async function createSession(db: Queries): Promise<void> {
  await db.schema
    .createTable('session')
    .addColumn('digest', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', ofAccount)
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('session_account').on('session').column('account_id').execute();
  await db.schema.createIndex('session_expires').on('session').column('expires_at').execute();
}

async function createToken(db: Queries): Promise<void> {
  await db.schema
    .createTable('token')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('digest', 'text', (column) => column.notNull().unique())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('account_id', 'text', ofAccount)
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint')
    .addColumn('last_used_at', 'bigint')
    .execute();
  await db.schema.createIndex('token_account').on('token').column('account_id').execute();
}

async function createAudit(db: Queries, system: System): Promise<void> {
  const table = db.schema.createTable('audit');
  const numbered =
    system === 'sqlite'
      ? table.addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
      : table.addColumn('seq', 'bigint', (column) => column.primaryKey().generatedAlwaysAsIdentity());
  await numbered
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('who', 'text', (column) => column.notNull())
    .addColumn('client', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('target', 'text')
    .addColumn('outcome', 'text', (column) => column.notNull())
    .addColumn('detail', 'text')
    .execute();
  for (const column of ['who', 'action', 'target'] as const) {
    await db.schema.createIndex(`audit_${column}`).on('audit').columns([column, 'seq']).execute();
  }
}
