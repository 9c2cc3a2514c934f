import { ServiceError } from '../../base/errors.ts';
import { isPrintable } from '../../base/printable.ts';
import type { ReceiptStore } from '../../receipts/receipt-store.ts';
import type { SignedReceipt } from '../../receipts/receipt.ts';
import type { Context, Queries } from '../database.ts';
import { heldRow } from './held.ts';

export function receiptStore(context: Context): ReceiptStore {
  const { db } = context;
  return {
    keep: (id, fence, receipt) =>
      db.transaction().execute(async (within) => {
        await heldRow(context, within, { id, fence });
        const kept = await find(within, id);
        if (kept && disksOf(kept) !== disksOf(receipt)) {
          throw new ServiceError('illegal-transition', `${id} has a receipt already, of another disk`);
        }
        const body = JSON.stringify(receipt);
        await within
          .insertInto('receipt')
          .values({ migration_id: id, body })
          .onConflict((conflict) => conflict.column('migration_id').doUpdateSet({ body }))
          .execute();
      }),

    async read(id) {
      const kept = isPrintable(id) ? await find(db, id) : undefined;
      if (kept) return kept;
      throw new ServiceError('not-found', `there is no receipt of ${id}`);
    },
  };
}

async function find(db: Queries, id: string): Promise<SignedReceipt | undefined> {
  const row = await db.selectFrom('receipt').select('body').where('migration_id', '=', id).executeTakeFirst();
  return row && (JSON.parse(row.body) as SignedReceipt);
}

/** What lies where: the same after a crash between the receipt and the event that follows it. */
function disksOf({ receipt }: SignedReceipt): string {
  const disks = receipt.images.map(({ target, virtualSize, digest }) => [
    target.provider,
    target.volume,
    virtualSize,
    digest,
  ]);
  return JSON.stringify(disks);
}
