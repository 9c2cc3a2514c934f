import { sql } from 'kysely';
import { ServiceError } from '../../base/errors.ts';
import { requirePrintable } from '../../base/printable.ts';
import type { FleetStore, Inventory, WorkerRecord } from '../../fleet/fleet.ts';
import type { Context } from '../database.ts';

/** How long a provider's name stays with the host that reported it last. */
const NAME_MS = 60_000;
/** A worker that was not seen for so long is forgotten. */
const KEPT_MS = 86_400_000;

export function fleetStore(context: Context): FleetStore {
  const { db, now } = context;
  const before = (ms: number) => sql<number>`${now()} - cast(${ms} as bigint)`;
  return {
    report: (worker) => report(context, worker),
    reportInventory: (inventory) => reportInventory(context, inventory),

    async leave(worker) {
      await db.transaction().execute(async (within) => {
        await within.deleteFrom('worker').where('id', '=', worker).execute();
        await within.updateTable('inventory').set({ owner_seen_at: 0 }).where('worker', '=', worker).execute();
      });
    },

    async workers(withinMs) {
      const seen = db.selectFrom('worker').selectAll().where('seen_at', '>', before(withinMs));
      const rows = await seen.orderBy('id').execute();
      return rows.map(({ seen_at, body }) => ({
        ...(JSON.parse(body) as Omit<WorkerRecord, 'seenAt'>),
        seenAt: seen_at,
      }));
    },

    async inventories() {
      const rows = await db.selectFrom('inventory').selectAll().orderBy('provider').execute();
      return rows.map(({ seen_at, body }) => ({ ...(JSON.parse(body) as Omit<Inventory, 'seenAt'>), seenAt: seen_at }));
    },
  };
}

async function report({ db, now }: Context, worker: Omit<WorkerRecord, 'seenAt'>): Promise<void> {
  requirePrintable('worker', worker.id);
  const seen = { seen_at: now(), body: JSON.stringify(worker) };
  await db.transaction().execute(async (within) => {
    await within
      .insertInto('worker')
      .values({ id: worker.id, ...seen })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(seen))
      .execute();
    await within.updateTable('inventory').set({ owner_seen_at: now() }).where('worker', '=', worker.id).execute();
    await within
      .deleteFrom('worker')
      .where('seen_at', '<', sql<number>`${now()} - ${sql.lit(KEPT_MS)}`)
      .execute();
  });
}

/** One statement compares and writes: of two hosts that report one name at the same moment, one is refused. */
async function reportInventory({ db, now }: Context, inventory: Omit<Inventory, 'seenAt'>): Promise<void> {
  const { provider, worker, host } = inventory;
  for (const text of [provider, worker, host]) requirePrintable('provider, worker or host', text);
  const row = { worker, host, seen_at: now(), owner_seen_at: now(), body: JSON.stringify(inventory) };
  const written = await db
    .insertInto('inventory')
    .values({ provider, ...row })
    .onConflict((conflict) =>
      conflict
        .column('provider')
        .doUpdateSet(row)
        .where((eb) =>
          eb.or([
            eb('inventory.host', '=', host),
            eb('inventory.owner_seen_at', '<=', sql<number>`${now()} - ${sql.lit(NAME_MS)}`),
          ]),
        ),
    )
    .returning('provider')
    .executeTakeFirst();
  if (written) return;
  const owner = await db.selectFrom('inventory').select(['host']).where('provider', '=', provider).executeTakeFirst();
  const message = `the provider ${provider} is managed on ${owner?.host ?? 'another host'}: give the one of ${host} another name`;
  throw new ServiceError('invalid-request', message);
}
