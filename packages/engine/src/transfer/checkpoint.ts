import type { Range } from '../base/bytes.ts';
import type { PassPlace } from '../image/image.ts';

/**
 * What a copy remembers so that it can go on after a crash. A record is committed only after the target has flushed what
 * it speaks of: the checkpoint is never ahead of the disk.
 */
export interface CheckpointRecord {
  /** Segments that are on the disk, with their digests (undefined: all zero). */
  readonly segments: readonly { readonly index: number; readonly digest: Uint8Array | undefined }[];
  /** Segments that are on the disk without a digest: it was not taken, or a part was written again since. */
  readonly torn?: readonly { readonly index: number }[];
  /** Ranges that were made zero. */
  readonly zeroed: readonly Range[];
  /** One pass: this many bytes of the pieces, in their order, are on the disk. */
  readonly position?: number;
  /** One pass: where the package can be taken up again; `kept` is what came since the place before. */
  readonly place?: PassPlace;
  /** The disk is complete, and its file is about to be cut to this size: from now on that is the size of the target. */
  readonly cut?: number;
}

/** What a copy is bound to. All of it must be the same for a copy to go on. */
export interface Binding {
  readonly source: string;
  readonly image: string;
  readonly target: string;
}

export interface CheckpointStart {
  /** The target read as zeros when the copy began: holes need no work, also in a later run. */
  readonly startedZeroed: boolean;
  /** The target file was made by us and larger than the disk, whose size only its end tells: it is cut when it is done. */
  readonly sizedByUs?: boolean;
}

export interface Checkpoint {
  /** What earlier runs left, in the order in which it was committed. */
  records(): AsyncIterable<CheckpointRecord>;
  readonly start: CheckpointStart;
  /** Whether earlier runs left anything. */
  readonly resumed: boolean;
  /** When it settles the record survives a power cut. */
  commit(record: CheckpointRecord): Promise<void>;
}

/** A checkpoint that remembers nothing: for copies that nobody will resume, and for tests. */
export function noCheckpoint(start: CheckpointStart): Checkpoint {
  return { start, resumed: false, async *records() {}, async commit() {} };
}
