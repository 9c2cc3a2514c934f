import type { MigrationStore } from '../../migrations/store.ts';
import { append, request } from './append.ts';
import { claim } from './claim.ts';
import { create } from './create.ts';
import type { Context } from '../database.ts';
import { counts, running } from './counting.ts';
import { heartbeat, release, releaseAllOf } from './lease.ts';
import { list } from './list.ts';
import { lockedBy } from './locks.ts';
import { madeUnder } from './made-under.ts';
import { events, get } from './read.ts';

/** The statements, joined to what a store must do. */
export function migrationStore(context: Context): MigrationStore {
  return {
    create: (asked, idempotencyKey) => create(context, asked, idempotencyKey),
    madeUnder: (idempotencyKey) => madeUnder(context, idempotencyKey),
    get: (id) => get(context, id),
    events: (id, afterVersion) => events(context, id, afterVersion),
    list: (ask) => list(context, ask),
    claim: (worker, ask) => claim(context, worker, ask),
    heartbeat: (id, fence, leaseMs) => heartbeat(context, id, fence, leaseMs),
    release: (id, fence) => release(context, id, fence),
    releaseAllOf: (worker) => releaseAllOf(context, worker),
    append: (id, fence, version, event) => append(context, id, fence, version, event),
    request: (id, version, event) => request(context, id, version, event),
    lockedBy: (resource) => lockedBy(context, resource),
    running: () => running(context),
    counts: () => counts(context),
  };
}
