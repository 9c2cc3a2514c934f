import type { Workshop } from '@diskferry/engine';
import type { FleetStore } from '../fleet/fleet.ts';
import type { DiskMapStore } from '../live/disk-maps.ts';
import type { ImageStore } from '../images/seen-image.ts';
import type { LineStore } from '../live/lines.ts';
import type { LiveStore } from '../live/live.ts';
import type { MigrationStore } from '../migrations/store.ts';
import type { Provider } from '../providers/provider.ts';
import type { Receipt, SignedReceipt } from '../receipts/receipt.ts';
import type { ReceiptStore } from '../receipts/receipt-store.ts';
import type { SecretStore } from '../secrets/secret.ts';
import type { SettingsStore } from '../settings/settings.ts';
import type { OpenImageSource } from '../sources/source-rules.ts';

/** What of the database a worker works with. */
export interface WorkerStores {
  readonly migrations: MigrationStore;
  readonly secrets: SecretStore;
  readonly settings: SettingsStore;
  readonly fleet: FleetStore;
  readonly live: LiveStore;
  readonly diskMaps: DiskMapStore;
  readonly lines: LineStore;
  readonly receipts: ReceiptStore;
  readonly images: ImageStore;
}

/** One line of a log: never a secret in it. */
export type Log = (
  level: 'info' | 'warn' | 'error',
  message: string,
  about?: Readonly<Record<string, string | number>>,
) => void;

export interface WorkerOptions {
  readonly stores: WorkerStores;
  /** What this machine reaches. */
  readonly provider: Provider;
  readonly openImageSource: OpenImageSource;
  readonly sign: (receipt: Receipt) => SignedReceipt | Promise<SignedReceipt>;
  /** Checkpoints lie in there. Of this worker alone. */
  readonly dataFolder: string;
  /** New for each start. */
  readonly id: string;
  readonly host: string;
  readonly version: string;
  /** Besides `provider:NAME`. */
  readonly labels?: readonly string[];
  readonly log?: Log;
  readonly times?: Partial<WorkerTimes>;
}

/** In milliseconds. */
export interface WorkerTimes {
  /** How long nobody else may claim what this worker holds, after its last heartbeat. */
  readonly lease: number;
  /** How long something that fails is tried again without progress, before a person is asked. */
  readonly patience: number;
  /** Between two looks for work, where nobody nudges. */
  readonly poll: number;
  /** Between two looks at the settings, and two reports to the fleet. */
  readonly report: number;
  /** What a guest gets to shut down before it is switched off. */
  readonly grace: number;
  /** What a copy of the disks gets to come up, to prove that they start. */
  readonly proof: number;
  /** Before the first and the longest of the tries. */
  readonly firstWait: number;
  readonly longestWait: number;
}

export const USUAL_TIMES: WorkerTimes = {
  lease: 30_000,
  patience: 15 * 60_000,
  poll: 1000,
  report: 5000,
  grace: 120_000,
  proof: 120_000,
  firstWait: 1000,
  longestWait: 60_000,
};

/** What all migrations of a worker share. */
export interface Shared extends Required<Omit<WorkerOptions, 'times' | 'labels'>> {
  readonly times: WorkerTimes;
  readonly workshop: Workshop;
  /** Something was changed at the provider: the fleet shall see it soon. */
  readonly changed: () => void;
}
