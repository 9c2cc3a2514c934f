import { isPostgres } from '../base/is-postgres.ts';
import { SecretBox } from '../secrets/secret-box.ts';
import type { Context } from './database.ts';
import { openPostgres } from './postgres/open-postgres.ts';
import { openSqlite } from './sqlite/open-sqlite.ts';
import type { Stores } from './stores.ts';
import { storesOver } from './stores-over.ts';
import { asServiceError } from './unavailable.ts';

export interface OpenStoresOptions {
  /** 32 bytes; see secrets/secret-key.ts. */
  readonly secretKey: Uint8Array;
  /** Without it leases go by the clock of PostgreSQL, and all else by that of this machine. */
  readonly clock?: () => number;
}

/**
 * `postgres://…` opens PostgreSQL; everything else is the path of an SQLite file, which is made where there is none.
 * @throws ServiceError `store-unavailable`, `newer-schema`
 */
export async function openStores(where: string, { secretKey, clock }: OpenStoresOptions): Promise<Stores> {
  const box = new SecretBox(secretKey);
  try {
    return storesOver(await open(where, clock), box);
  } catch (thrown) {
    throw asServiceError(thrown);
  }
}

function open(where: string, clock?: () => number): Promise<Context> {
  return isPostgres(where) ? openPostgres(where, clock) : openSqlite(where, clock);
}
