import type { BootProof, Check, DiskContent, Forecast, ProveBoot, Stage, WaitingReason } from '@diskferry/protocol';

/**
 * A migration: what a person asked for, and where it stands. Plain JSON, made by events alone:
 *
 *     created ──► newMigration ──► advance(event) ──► advance(event) ──► …
 *
 * Bytes and milliseconds since 1970 are numbers. Credentials are never in here, only the name under which they are kept.
 */
export interface Migration {
  readonly id: string;
  readonly name: string;
  readonly kind: MigrationKind;
  readonly images: readonly MigratedImage[];
  readonly options: MigrationOptions;
  readonly createdAt: number;
  /** The name of the user or token. */
  readonly createdBy: string;
  /** How many events made it: the first is `created`. */
  readonly version: number;
  readonly standing: Standing;
  /** What a person asked for and the worker has not confirmed. Only in a stage: elsewhere it happens at once. */
  readonly asked: 'pause' | 'cancel' | null;
  /** The worker that does the stage; nobody in any other state. */
  readonly worker: string | null;
  /** The volumes and instances that nothing else may touch now, sorted; all of its targets, or none. */
  readonly locks: readonly string[];
  /** As the request brought it. */
  readonly preflight?: FoundBefore;
  /** What the last check before a byte is written has found; empty before the first. */
  readonly checks: readonly Check[];
  /** Of what is on the disks now; missing where no copy of them was started. */
  readonly bootProof?: BootProof;
}

/** What a preflight found. */
export interface FoundBefore {
  readonly checks: readonly Check[];
  readonly forecast: Forecast | null;
}

/** `instance`: onto the system volume of an instance, and more of its volumes. `data`: onto any volumes. */
export const MIGRATION_KINDS = ['instance', 'data'] as const;
export type MigrationKind = (typeof MIGRATION_KINDS)[number];

export interface MigratedImage {
  readonly source: ImageSource;
  readonly target: ImageTarget;
  /** The object that was seen when the image was checked. Another one is never mixed into the same disk. */
  readonly identity: string | null;
  /** The size of the virtual disk, known once it was checked; of some streams only once they have landed. */
  readonly size: number | null;
  readonly content: DiskContent;
}

export interface ImageSource {
  /** As it is shown: without user name, password and signature. The whole link is a part of the secret. */
  readonly link: string;
  /** The id of the sealed secret (secrets/secret.ts), or null where the link needs none. */
  readonly credentials: string | null;
  /** `sha256:…` of the object, where it was given. */
  readonly checksum: string | null;
  /** Declared format: another one is refused. */
  readonly format: string | null;
  /** Which disk of an archive that holds several. */
  readonly member: string | null;
  /** Of the bucket, where the link does not tell it. */
  readonly region: string | null;
  /** Of a store that speaks S3. */
  readonly endpoint: string | null;
  readonly pathStyle: boolean;
}

export interface ImageTarget {
  readonly volume: string;
  /** The instance that the volume belongs to, where it is attached. */
  readonly instance: string | null;
}

export interface MigrationOptions {
  /** What happens to an instance that runs. */
  readonly runningInstance: 'refuse' | 'stop' | 'force';
  readonly startAfterwards: boolean;
  readonly verify: 'none' | 'written' | 'full';
  /** Whether a copy of the disks is started to see that they start. Missing in logs from before there was such a stage: never. */
  readonly proveBoot?: ProveBoot;
  /** Bytes a second; null is without a limit. */
  readonly bandwidth: number | null;
  /** The start time: no worker gets it before. */
  readonly notBefore: number | null;
  /** Higher ones go first; 0 is usual. */
  readonly priority: number;
  /** What a worker must have to reach the targets; `provider:NAME` of the provider that manages them is one. */
  readonly labels: readonly string[];
  /** Codes of the warnings that the person has accepted. */
  readonly accept: readonly string[];
}

export type Standing =
  | { readonly state: 'queued' | Stage | 'succeeded' }
  | {
      readonly state: 'waiting';
      readonly for: WaitingReason;
      /** A sentence for the person who reads it, where there is more to say than the reason. */
      readonly detail: string | null;
      /** Of what it met, where a worker has said it. */
      readonly code?: string;
      readonly returnsTo: Stage;
    }
  /** Once resumed it waits for `resumesTo`, and then goes back to `returnsTo`. */
  | { readonly state: 'paused'; readonly resumesTo: WaitingReason; readonly returnsTo: Stage }
  | { readonly state: 'failed'; readonly code: string; readonly message: string; readonly goesOn: boolean }
  /** `goesOn`: a retry goes on from what is on the disks; otherwise it writes all of it again. */
  | { readonly state: 'cancelled'; readonly goesOn: boolean };
