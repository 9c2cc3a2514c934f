import type { MigrationState } from '@diskferry/protocol';
import type { Generated, Kysely, RawBuilder, Transaction } from 'kysely';
import type { MigrationKind } from '../migrations/migration.ts';
import type { AccessTables, RecordTables } from './tables.ts';

/**
 * The tables. `migration_event` is the truth. `migration.body` and the columns beside it are a projection of it, written
 * in the same transaction; the lease is the only thing that lies in `migration` alone, and it is worth nothing tomorrow.
 */
export interface Database extends AccessTables, RecordTables {
  migration: MigrationTable;
  migration_event: EventTable;
  migration_label: LabelTable;
  /** The volumes and instances that it is about, whether it has their locks or not. */
  migration_resource: { migration_id: string; resource: string };
  /** Where it reads from. */
  migration_host: { migration_id: string; host: string };
  resource_lock: LockTable;
  schema_change: ChangeTable;
}

export interface MigrationTable extends ProjectedColumns, LeaseColumns {
  /** The order of creation. */
  seq: Generated<number>;
  id: string;
  idempotency_key: string | null;
  /** A digest of the request, to tell another one under the same key. */
  fingerprint: string;
  created_by: string;
}

/** What follows from the events. */
export interface ProjectedColumns {
  name_folded: string;
  kind: MigrationKind;
  state: MigrationState;
  /** 1 where a worker may take it once `not_before` has passed. */
  runnable: number;
  priority: number;
  not_before: number;
  version: number;
  body: string;
}

export interface LeaseColumns {
  /** Grows with every claim. */
  fence: Generated<number>;
  /** Nobody before the first claim and after a release. */
  lease_worker: string | null;
  lease_until: number | null;
}

interface EventTable {
  migration_id: string;
  version: number;
  at: number;
  kind: string;
  body: string;
}

interface LabelTable {
  migration_id: string;
  label: string;
}

interface LockTable {
  resource: string;
  migration_id: string;
}

interface ChangeTable {
  number: number;
  name: string;
}

export type System = 'sqlite' | 'postgres';

/** What every statement needs. */
export interface Context {
  readonly db: Kysely<Database>;
  readonly system: System;
  /** For what is written down: milliseconds since 1970. */
  clock(): number;
  /** For leases and start times: one clock for all workers, so the database's where there are many machines. */
  now(): RawBuilder<number>;
}

/** The database, or a transaction in it. */
export type Queries = Kysely<Database> | Transaction<Database>;
