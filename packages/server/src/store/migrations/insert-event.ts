import type { LoggedEvent } from '../../migrations/event.ts';
import type { Queries } from '../database.ts';

export async function insertEvent(db: Queries, id: string, { version, at, event }: LoggedEvent): Promise<void> {
  const row = { migration_id: id, version, at, kind: event.kind, body: JSON.stringify(event) };
  await db.insertInto('migration_event').values(row).execute();
}
