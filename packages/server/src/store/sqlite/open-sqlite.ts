import { Kysely, sql } from 'kysely';
import type { MigrationStore } from '../../migrations/store.ts';
import { applyChanges } from '../apply-changes.ts';
import type { Context, Database } from '../database.ts';
import { storeOver } from '../store-over.ts';
import { NodeSqliteDialect } from './driver.ts';
import { openFile } from './open-file.ts';

/** A store in one file, for the processes of one machine. What is acknowledged survives a power cut. */
export async function openSqliteStore(path: string, clock: () => number = Date.now): Promise<MigrationStore> {
  const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(await openFile(path)) });
  const context: Context = { db, system: 'sqlite', clock, now: () => sql<number>`${clock()}` };
  try {
    await applyChanges(context);
  } catch (cause) {
    await db.destroy();
    throw cause;
  }
  return storeOver(context);
}
