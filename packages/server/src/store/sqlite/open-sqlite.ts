import type { DatabaseSync } from 'node:sqlite';
import { Kysely, sql } from 'kysely';
import { applyChanges } from '../apply-changes.ts';
import type { Context, Database } from '../database.ts';
import { NodeSqliteDialect } from './driver.ts';
import { openFile } from './open-file.ts';

/** A store in one file, for the processes of one machine. What is acknowledged survives a power cut. */
export async function openSqlite(path: string, clock?: () => number): Promise<Context> {
  return sqliteOver(await openFile(path), clock);
}

/** Owns the connection: closes it with the context, or where the schema cannot be brought up to date. */
export async function sqliteOver(database: DatabaseSync, clock: () => number = Date.now): Promise<Context> {
  const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(database) });
  const context: Context = { db, system: 'sqlite', clock, now: () => sql<number>`${clock()}` };
  try {
    await applyChanges(context);
  } catch (cause) {
    await db.destroy();
    throw cause;
  }
  return context;
}
