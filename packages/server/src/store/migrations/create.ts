import { createHash, randomUUID } from 'node:crypto';
import { ServiceError } from '../../base/errors.ts';
import type { CreatedEvent } from '../../migrations/event.ts';
import type { Migration } from '../../migrations/migration.ts';
import { newMigration } from '../../migrations/new-migration.ts';
import { requirePrintable } from '../../base/printable.ts';
import type { MigrationRequest } from '../../migrations/request.ts';
import type { Context, Queries } from '../database.ts';
import { insertEvent } from './insert-event.ts';
import { fromBody, project } from './project.ts';
import { insertRelated } from './related.ts';

export async function create(
  { db, clock }: Context,
  request: MigrationRequest,
  idempotencyKey?: string,
): Promise<Migration> {
  requirePrintable('idempotency key', idempotencyKey ?? '');
  const event: CreatedEvent = { kind: 'created', id: randomUUID(), createdAt: clock(), request };
  const migration = newMigration(event);
  const fingerprint = createHash('sha256').update(canonical(request)).digest('hex');
  const key = { idempotency_key: idempotencyKey ?? null, fingerprint };
  return db.transaction().execute(async (within) => {
    const inserted = await within
      .insertInto('migration')
      .values({ id: migration.id, created_by: migration.createdBy, ...key, ...project(migration) })
      .onConflict((conflict) => conflict.column('idempotency_key').doNothing())
      .returning('seq')
      .executeTakeFirst();
    if (!inserted) return madeBefore(within, idempotencyKey ?? '', fingerprint);
    await insertEvent(within, migration.id, { version: 1, at: event.createdAt, event });
    await insertRelated(within, migration);
    return migration;
  });
}

async function madeBefore(db: Queries, key: string, fingerprint: string): Promise<Migration> {
  const row = await db
    .selectFrom('migration')
    .select(['id', 'body', 'fingerprint'])
    .where('idempotency_key', '=', key)
    .executeTakeFirstOrThrow();
  if (row.fingerprint === fingerprint) return fromBody(row);
  throw new ServiceError('idempotency-conflict', `the key ${key} was used for ${row.id}, with another request`);
}

/** The same text for the same request, whatever the order of its keys. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  });
}
