import type { ProviderFeature } from '@diskferry/protocol';
import type { Instance, Limits, Provider, Region, Volume } from '../providers/provider.ts';

/** A worker as it last said that it is there. */
export interface WorkerRecord {
  /** Made anew at each start of a worker. */
  readonly id: string;
  readonly host: string;
  readonly version: string;
  readonly labels: readonly string[];
  readonly concurrency: number;
  readonly startedAt: number;
  /** By the clock of the store. */
  readonly seenAt: number;
  /** Ids of the migrations that it holds. */
  readonly busyWith: readonly string[];
  readonly draining: boolean;
}

/** What a provider manages, as the worker that reaches it last saw it. One for each provider name. */
export interface Inventory {
  readonly provider: string;
  readonly worker: string;
  readonly host: string;
  readonly seenAt: number;
  readonly limits: Limits;
  /** Undefined where its worker is of an earlier version and does not tell. */
  readonly traits: Provider['traits'] | undefined;
  /** Missing of a worker from before it was told. */
  readonly features?: readonly ProviderFeature[];
  readonly regions: readonly Region[];
  readonly instances: readonly Instance[];
  readonly volumes: readonly Volume[];
}

/** Which workers there are and what they reach. */
export interface FleetStore {
  /** Says that the worker is there. Also prolongs its name: one provider name belongs to one live worker. */
  report(worker: Omit<WorkerRecord, 'seenAt'>): Promise<void>;
  /** @throws ServiceError `invalid-request` where a worker on another host reported this provider less than a minute ago */
  reportInventory(inventory: Omit<Inventory, 'seenAt'>): Promise<void>;
  /** It ends: nothing more is to be expected of it. */
  leave(worker: string): Promise<void>;
  /** Those seen in the last `withinMs`. */
  workers(withinMs: number): Promise<readonly WorkerRecord[]>;
  inventories(): Promise<readonly Inventory[]>;
}
