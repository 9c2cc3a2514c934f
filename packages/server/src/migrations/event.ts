import type { BootProof, Check, WaitingReason } from '@diskferry/protocol';
import type { MigrationRequest } from './request.ts';

/** The first event of every migration. */
export interface CreatedEvent {
  readonly kind: 'created';
  readonly id: string;
  readonly createdAt: number;
  readonly request: MigrationRequest;
}

/** What a worker says that holds the migration. `image` counts from 0. */
export type WorkerEvent =
  /** The first thing after a claim: also where the one before died. */
  | { readonly kind: 'taken'; readonly worker: string }
  /** The instances and volumes are locked against everything else. */
  | { readonly kind: 'locked' }
  /** Everything that can be known before a byte is written was found good. One entry for each image. */
  | {
      readonly kind: 'checked';
      readonly images: readonly CheckedImage[];
      readonly instanceRuns: boolean;
      readonly checks?: readonly Check[];
    }
  | { readonly kind: 'stopped' }
  /**
   * Recorded before the first byte is written, so that `untouched` is true even after a crash. `upTo` is the size of the
   * volume, where only the end of the stream tells that of the disk.
   */
  | { readonly kind: 'write-began'; readonly image: number; readonly upTo?: number }
  /** So many bytes are on the disk, durable. Recorded after the flush. */
  | { readonly kind: 'progressed'; readonly image: number; readonly bytes: number }
  /** `size` of the virtual disk, where it was not known before. */
  | { readonly kind: 'landed'; readonly image: number; readonly size?: number }
  /** All images have landed. */
  | { readonly kind: 'transferred' }
  | { readonly kind: 'verified' }
  /**
   * A copy of the disks was started. One that failed, and was not accepted, does not end the stage. `screenshot`: PNG in
   * base64, of at most 256 KiB.
   */
  | { readonly kind: 'proved'; readonly proof: BootProof; readonly screenshot?: string }
  | { readonly kind: 'started' }
  /** It cannot go on. The worker has stopped writing and gives the migration back. */
  | {
      readonly kind: 'wait-began';
      readonly for: Exclude<WaitingReason, 'start-time'>;
      readonly detail: string | null;
      /** Of what it met; missing in logs from before it was told apart from the sentence. */
      readonly code?: string;
      /** Of the check that found what stands in the way. */
      readonly checks?: readonly Check[];
    }
  /** What a person asked for is done: nothing is written any more. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'cancelled'; readonly goesOn: boolean }
  | { readonly kind: 'failed'; readonly code: string; readonly message: string; readonly goesOn: boolean };

export interface CheckedImage {
  readonly identity: string;
  /** Null where only the end of the stream tells. */
  readonly size: number | null;
}

/** What a person asks. `by` is who. */
export type UserEvent =
  | { readonly kind: 'pause-asked'; readonly by: string }
  /** `accept`: codes of warnings that are accepted from now on. */
  | { readonly kind: 'resume-asked'; readonly by: string; readonly accept?: readonly string[] }
  | { readonly kind: 'cancel-asked'; readonly by: string }
  | { readonly kind: 'retry-asked'; readonly by: string }
  | {
      readonly kind: 'link-replaced';
      readonly image: number;
      readonly link: string;
      readonly credentials: string | null;
      readonly by: string;
    }
  | { readonly kind: 'bandwidth-changed'; readonly bandwidth: number | null; readonly by: string };

export type MigrationEvent = WorkerEvent | UserEvent;

/** An event as it lies in the log. Versions of a migration begin at 1 and have no gap. */
export interface LoggedEvent {
  readonly version: number;
  readonly at: number;
  readonly event: CreatedEvent | MigrationEvent;
}
