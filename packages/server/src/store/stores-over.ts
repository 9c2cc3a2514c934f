import { sql } from 'kysely';
import { openAccess } from '../access/open-access.ts';
import type { SecretBox } from '../secrets/secret-box.ts';
import { secretStore } from '../secrets/secret-store.ts';
import { accessRecords } from './access/access-records.ts';
import type { Context } from './database.ts';
import { migrationStore } from './migrations/migration-store.ts';
import { auditLog } from './records/audit-log.ts';
import { diskMapStore } from './records/disk-map-store.ts';
import { fleetStore } from './records/fleet-store.ts';
import { imageStore } from './records/image-store.ts';
import { lineStore } from './records/line-store.ts';
import { liveStore } from './records/live-store.ts';
import { receiptStore } from './records/receipt-store.ts';
import { sealedRecords } from './records/sealed-records.ts';
import { settingsStore } from './records/settings-store.ts';
import type { Stores } from './stores.ts';
import { guarded } from './unavailable.ts';

/** All parts over one open database, which is closed with them. */
export function storesOver(context: Context, box: SecretBox): Stores {
  const { db, clock } = context;
  const parts = guarded({
    migrations: migrationStore(context),
    audit: auditLog(context),
    settings: settingsStore(context),
    fleet: fleetStore(context),
    live: liveStore(context),
    diskMaps: diskMapStore(context),
    lines: lineStore(context),
    receipts: receiptStore(context),
    images: imageStore(context),
    ping: async () => void (await sql`select 1`.execute(db)),
  });
  return {
    ...parts,
    access: openAccess(guarded(accessRecords(context)), clock),
    secrets: secretStore(guarded(sealedRecords(context)), box),
    [Symbol.asyncDispose]: () => db.destroy(),
  };
}
