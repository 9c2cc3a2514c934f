import { MiB } from '../base/align.ts';
import { Buffers } from '../base/buffers.ts';
import type { Range } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import { forEachBounded } from '../base/settle.ts';
import type { Target } from '../target/target.ts';
import { Batch } from './batch.ts';
import type { Checkpoint } from './checkpoint.ts';
import { failing, type DiskMap } from './disk-map.ts';
import { segmentDigest } from './disk-digest.ts';
import type { PassProgress } from './pass-progress.ts';
import { type Finished, isDigested } from './finish-segment.ts';
import type { Meter } from './meter.ts';
import { checkWritten, type Kept, type Written } from './read-back.ts';
import { SEGMENT } from './segment.ts';
import type { Workshop } from './workshop.ts';
import { suited, writeSegment } from './write-segment.ts';

/** A commit is due after this much was written, or this long: a crash costs no more than that again. */
const COMMIT_BYTES = 256 * MiB;
const COMMIT_MS = 5_000;
/** Where a package can be taken up in the middle, what is read again is what was not committed: less of it then. */
const COMMIT_BYTES_IN_PLACES = 8 * MiB;
/** What is read back is compared with memory where it is still there: that is little, and so commits are small. */
const COMMIT_BYTES_VERIFIED = 16 * MiB;
/** Bytes that are kept in memory until they were read back; what is more is compared by its digest. */
const KEPT_LIMIT = 4 * MiB;
/** In one pass more of them: a part that comes over one that is not kept waits for a commit of its own. */
const KEPT_LIMIT_IN_PASS = 24 * MiB;
/** Writers wait when so many times that is not yet committed: flushing has become the bottleneck. */
const COMMITS_BEHIND = 3;

export interface LandingOptions {
  readonly target: Target;
  readonly checkpoint: Checkpoint;
  readonly meter: Meter;
  readonly map?: DiskMap | undefined;
  readonly workshop: Workshop;
  /** Read back what was written before it is committed. */
  readonly verify: boolean;
  /** One pass: up to where the pieces are on the disk once everything written so far is flushed. */
  readonly progress?: PassProgress;
  /** Commit after this many bytes; the default depends on the way of reading and on `verify`. */
  readonly commitBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The last stage of a copy: puts segments on the target, then flushes, reads back and records them in batches, while
 * the next segments are already being written.
 *
 *     write ──► uncommitted ──► flush ──► read back ──► commit
 */
export class Landing {
  readonly #how: LandingOptions;
  readonly #buffers = new Buffers(SEGMENT);
  #batch = new Batch();
  /** What is being recorded. */
  #recording: Batch | undefined;
  #keptBytes = 0;
  #lastCommit = Date.now();
  /** Milliseconds of the last commit. */
  #took = { flushed: 0, readBack: 0 };
  #committing: Promise<void> | undefined;
  #failure: unknown;

  constructor(how: LandingOptions) {
    this.#how = how;
  }

  /**
   * Writes a whole segment: what is zero in it will read as zero.
   * @param segment nobody else's until it is released, which happens sooner or later unless the copy fails
   */
  async segment(index: number, segment: Kept, finished: Finished): Promise<void> {
    const { bytes } = segment;
    const offset = index * SEGMENT;
    const { digest } = finished;
    const { meter, map } = this.#how;
    const range = { offset, length: bytes.length };
    const content = { offset, bytes, runs: finished.runs };
    const write = writeSegment({ ...this.#how, gapsAreZero: this.#gapsAreZero() }, content);
    await failing(this.#how, range, meter.waiting('write', write));
    meter.landed += bytes.length;
    map?.mark(index, finished.runs.length > 0 ? 'copied' : 'zero');
    const kept = this.#keep(segment);
    await this.#written({ index, range, digest, whole: isDigested(finished), kept });
  }

  /**
   * Writes a part of a segment over what is there already. Offsets must suit the target. Nothing is written over what is
   * being read back.
   */
  async part(index: number, offset: number, bytes: Uint8Array): Promise<void> {
    const { target, meter, map, signal, verify } = this.#how;
    const range = { offset, length: bytes.length };
    // From here to `writing` nothing may be awaited: a commit would begin in between.
    while (this.#mustBeReadBackFirst(index, range)) await this.#nextCommit();
    const batch = this.#batch;
    const isLaidOver = batch.overlay(index, offset, bytes);
    const write = target.write(offset, bytes, signal);
    batch.writing(index, write);
    await failing(this.#how, range, meter.waiting('write', write));
    map?.mark(index, 'copied');
    meter.bytesWritten += bytes.length;
    meter.landed += bytes.length;
    if (isLaidOver) await this.#maybeCommit();
    else await this.#written({ index, range, digest: verify ? digestOfPart(bytes) : undefined, whole: false });
  }

  /** Makes a range of whole segments zero and records it. */
  async zero(range: Range): Promise<void> {
    const { target, meter, map, signal, checkpoint } = this.#how;
    if (!checkpoint.start.startedZeroed) {
      const zeroing = target.zero(suited(target, range), { mayPunch: true }, signal);
      await failing(this.#how, range, meter.waiting('write', zeroing));
      meter.bytesZeroed += range.length;
    }
    meter.landed += range.length;
    map?.markRange(range, 'zero');
    this.#batch.addZeros(range);
    await this.#maybeCommit();
  }

  /** Everything that was written is flushed, checked and recorded when this settles. */
  async finish(): Promise<void> {
    await this.#settled();
    this.#throwIfFailed();
    await this.#commit(this.#how.signal);
  }

  /**
   * For a copy that has failed or was stopped: what was written is still recorded where the target allows it, so that the
   * next run need not do it again. Nothing is in flight when it settles.
   */
  async abandon(): Promise<void> {
    await this.#settled();
    if (this.#failure !== undefined || this.#batch.isEmpty) return;
    await this.#commit(undefined).catch(() => undefined);
  }

  /** Waits for a commit that is under way: nothing touches the target afterwards. */
  async #settled(): Promise<void> {
    await this.#committing?.catch(() => undefined);
  }

  /**
   * In one pass a gap may be filled later, and where an earlier run was cut short it may have been filled already, by
   * what that run did not record: what is read back would not be what was written.
   */
  #gapsAreZero(): boolean {
    const { checkpoint, target, progress } = this.#how;
    return checkpoint.start.startedZeroed && (progress === undefined || target.traits.startsZeroed);
  }

  /** Undefined where it is not needed, or too much is kept already: then it is released. */
  #keep({ bytes, release }: Kept): Kept | undefined {
    const limit = this.#how.progress ? KEPT_LIMIT_IN_PASS : KEPT_LIMIT;
    if (!this.#how.verify || this.#keptBytes + bytes.length > limit) {
      release();
      return undefined;
    }
    this.#keptBytes += bytes.length;
    return {
      bytes,
      release: () => {
        this.#keptBytes -= bytes.length;
        release();
      },
    };
  }

  async #written(written: Written): Promise<void> {
    this.#batch.add(written);
    await this.#maybeCommit();
  }

  /** What is in the range is being read back, or could not be compared any more once it was written over. */
  #mustBeReadBackFirst(index: number, range: Range): boolean {
    if (!this.#how.verify) return false;
    return this.#recording?.has(index) === true || this.#batch.wouldBeLost(index, range);
  }

  async #nextCommit(): Promise<void> {
    this.#beginCommit();
    await this.#committing;
    this.#throwIfFailed();
  }

  async #maybeCommit(): Promise<void> {
    const due = this.#batch.bytes >= this.#commitBytes() || Date.now() - this.#lastCommit >= COMMIT_MS;
    if (due) this.#beginCommit();
    const behind = this.#how.progress?.places ? 1 : COMMITS_BEHIND;
    if (this.#batch.bytes >= behind * this.#commitBytes()) await this.#committed();
    this.#throwIfFailed();
  }

  /** Waiting for a commit is waiting for its flush or for its reading back, as long as each of them took. */
  async #committed(): Promise<void> {
    const begun = performance.now();
    await this.#committing;
    const waited = performance.now() - begun;
    const { flushed, readBack } = this.#took;
    const verifying = readBack > 0 ? (waited * readBack) / (flushed + readBack) : 0;
    this.#how.meter.waited.verify += verifying;
    this.#how.meter.waited.write += waited - verifying;
  }

  #beginCommit(): void {
    this.#committing ??= this.#commit(this.#how.signal)
      .catch(() => undefined)
      .finally(() => (this.#committing = undefined));
  }

  #commitBytes(): number {
    const { commitBytes, progress, verify } = this.#how;
    if (commitBytes !== undefined) return commitBytes;
    if (progress?.places) return COMMIT_BYTES_IN_PLACES;
    return verify ? COMMIT_BYTES_VERIFIED : COMMIT_BYTES;
  }

  #throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  /**
   * Nothing is recorded after a commit that failed: the position in the pass would go past what that one was to record,
   * and the next run would never write it again.
   */
  async #commit(signal: AbortSignal | undefined): Promise<void> {
    this.#throwIfFailed();
    try {
      await this.#record(signal);
    } catch (error) {
      this.#failure ??= error;
      throw error;
    }
  }

  async #record(signal: AbortSignal | undefined): Promise<void> {
    const { target, checkpoint, meter, verify } = this.#how;
    const position = this.#how.progress?.safe();
    const place = position === undefined ? undefined : this.#how.progress?.places?.next(position);
    const batch = this.#batch;
    const { written, zeroed } = batch;
    this.#batch = new Batch();
    this.#recording = batch;
    this.#lastCommit = Date.now();
    await batch.overlaid();
    const begun = performance.now();
    await target.flush(signal);
    const flushed = performance.now() - begun;
    if (verify) await this.#readBack(written, signal);
    this.#took = { flushed, readBack: performance.now() - begun - flushed };
    const segments = written.filter(({ whole }) => whole).map(({ index, digest }) => ({ index, digest }));
    const torn = written.filter(({ whole }) => !whole).map(({ index }) => ({ index }));
    await checkpoint.commit({
      segments,
      torn,
      zeroed,
      ...(position === undefined ? {} : { position }),
      ...(place && { place }),
    });
    this.#recording = undefined;
    meter.committed += batch.bytes;
  }

  async #readBack(batch: readonly Written[], signal: AbortSignal | undefined): Promise<void> {
    const { target, meter, map, workshop } = this.#how;
    const readBack = target.readBack;
    if (!readBack) throw new DiskferryError('target-unsupported', `${target.label} cannot be read back`);
    await forEachBounded(batch, 2, async (written) => {
      const checking = checkWritten({ readBack, workshop, buffers: this.#buffers, signal }, written);
      await failing({ map, signal }, written.range, checking);
      written.kept?.release();
      map?.verify(written.index);
      meter.verified += written.range.length;
    });
  }
}

function digestOfPart(bytes: Uint8Array): Uint8Array {
  return segmentDigest(bytes, [{ offset: 0, length: bytes.length }]);
}
