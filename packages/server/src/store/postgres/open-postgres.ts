import { Kysely, PostgresDialect, sql } from 'kysely';
import { Pool, types } from 'pg';
import { applyChanges } from '../apply-changes.ts';
import type { Context, Database } from '../database.ts';

const INT8 = 20;

/** How long a connection may take: a server that does not answer must not keep everybody waiting. */
const CONNECT_MS = 10_000;

/**
 * A store in PostgreSQL, for workers on many machines. Without `clock`, leases and start times go by the clock of the
 * database, so that a worker whose own is wrong takes nothing from the others.
 */
export async function openPostgres(url: string, clock?: () => number): Promise<Context> {
  const pool = new Pool({
    connectionString: url,
    types: { getTypeParser },
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
  });
  surviveLostConnections(pool);
  const db = new Kysely<Database>({ dialect: new PostgresDialect({ pool }) });
  const now = clock
    ? () => sql<number>`cast(${clock()} as bigint)`
    : () => sql<number>`cast(extract(epoch from clock_timestamp()) * 1000 as bigint)`;
  const context: Context = { db, system: 'postgres', clock: clock ?? Date.now, now };
  try {
    await applyChanges(context);
  } catch (cause) {
    await db.destroy();
    throw cause;
  }
  return context;
}

/**
 * A connection that breaks says so twice: to the statement that runs on it, which throws, and as an event that would end
 * the process where nobody listens. The next statement opens another connection.
 */
function surviveLostConnections(pool: Pool): void {
  pool.on('error', () => {});
  pool.on('connect', (client) => client.on('error', () => {}));
}

/** Numbers of 64 bits as numbers: versions, fences and milliseconds stay far below 2 to the 53rd. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  return oid === INT8 ? Number : (types.getTypeParser(oid, format as 'text') as (text: string) => unknown);
}
