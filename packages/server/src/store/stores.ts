import type { Access, AuditLog } from '../access/access.ts';
import type { FleetStore } from '../fleet/fleet.ts';
import type { DiskMapStore } from '../live/disk-maps.ts';
import type { ImageStore } from '../images/seen-image.ts';
import type { LineStore } from '../live/lines.ts';
import type { LiveStore } from '../live/live.ts';
import type { MigrationStore } from '../migrations/store.ts';
import type { ReceiptStore } from '../receipts/receipt-store.ts';
import type { SecretStore } from '../secrets/secret.ts';
import type { SettingsStore } from '../settings/settings.ts';

/**
 * All that the service keeps, in one database. Closing it closes the database. Where that cannot be reached or written, every
 * call throws ServiceError `store-unavailable`, and works again once the cause is gone.
 */
export interface Stores extends AsyncDisposable {
  readonly migrations: MigrationStore;
  readonly access: Access;
  readonly audit: AuditLog;
  readonly secrets: SecretStore;
  readonly settings: SettingsStore;
  readonly fleet: FleetStore;
  readonly live: LiveStore;
  readonly diskMaps: DiskMapStore;
  readonly lines: LineStore;
  readonly receipts: ReceiptStore;
  readonly images: ImageStore;
  /** One small read: whether the database answers. @throws ServiceError `store-unavailable` */
  ping(): Promise<void>;
}
