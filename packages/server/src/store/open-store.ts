import type { MigrationStore } from '../migrations/store.ts';
import { openPostgresStore } from './postgres/open-postgres.ts';
import { openSqliteStore } from './sqlite/open-sqlite.ts';

/** `postgres://…` opens PostgreSQL; everything else is the path of an SQLite file, which is made where there is none. */
export function openStore(where: string): Promise<MigrationStore> {
  return /^postgres(ql)?:\/\//.test(where) ? openPostgresStore(where) : openSqliteStore(where);
}
