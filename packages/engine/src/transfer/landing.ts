import { alignUp, isAligned, MiB } from '../base/align.ts';
import { endOf, type Range } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import { forEachBounded } from '../base/settle.ts';
import type { Target } from '../target/target.ts';
import { Buffers } from '../base/buffers.ts';
import type { Checkpoint } from './checkpoint.ts';
import { segmentDigest } from './disk-digest.ts';
import type { PassProgress } from './pass-progress.ts';
import { type Finished, isDigested } from './finish-segment.ts';
import type { Meter } from './meter.ts';
import { checkWritten, type Written } from './read-back.ts';
import { gapsBetween, SEGMENT } from './segment.ts';
import type { Workshop } from './workshop.ts';

/** A commit is due after this much was written, or this long: a crash costs no more than that again. */
const COMMIT_BYTES = 256 * MiB;
const COMMIT_MS = 5_000;
/** Where a package can be taken up in the middle, what is read again is what was not committed: less of it then. */
const COMMIT_BYTES_IN_PLACES = 32 * MiB;
/** Writers wait when so many times that is not yet committed: flushing has become the bottleneck. */
const COMMITS_BEHIND = 3;
/** Gaps between runs up to this size are written as zeros with their neighbours: one write is cheaper than two. */
const JOINED_GAP = 64 * 1024;

export interface LandingOptions {
  readonly target: Target;
  readonly checkpoint: Checkpoint;
  readonly meter: Meter;
  readonly workshop: Workshop;
  /** Read back what was written before it is committed. */
  readonly verify: boolean;
  /** One pass: up to where the pieces are on the disk once everything written so far is flushed. */
  readonly progress?: PassProgress;
  /** Commit after this many bytes; default COMMIT_BYTES. */
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
  #uncommitted: Written[] = [];
  #zeroed: Range[] = [];
  #uncommittedBytes = 0;
  #lastCommit = Date.now();
  #committing: Promise<void> | undefined;
  #failure: unknown;

  constructor(how: LandingOptions) {
    this.#how = how;
  }

  /** Writes a whole segment: what is zero in it will read as zero. */
  async segment(index: number, bytes: Uint8Array, finished: Finished): Promise<void> {
    const offset = index * SEGMENT;
    const { digest } = finished;
    await this.#write(offset, bytes, finished.runs);
    this.#how.meter.landed += bytes.length;
    await this.#written({ index, range: { offset, length: bytes.length }, digest, whole: isDigested(finished) });
  }

  /** Writes a part of a segment over what is there already. Offsets must suit the target. */
  async part(index: number, offset: number, bytes: Uint8Array): Promise<void> {
    const { target, meter, signal } = this.#how;
    await target.write(offset, bytes, signal);
    meter.bytesWritten += bytes.length;
    meter.landed += bytes.length;
    const digest = segmentDigest(bytes, [{ offset: 0, length: bytes.length }]);
    await this.#written({ index, range: { offset, length: bytes.length }, digest, whole: false });
  }

  /** Makes a range of whole segments zero and records it. */
  async zero(range: Range): Promise<void> {
    const { target, meter, signal, checkpoint } = this.#how;
    if (!checkpoint.start.startedZeroed) {
      await target.zero(this.#alignedRange(range.offset, range.length), { mayPunch: true }, signal);
      meter.bytesZeroed += range.length;
    }
    meter.landed += range.length;
    this.#noteZeros(range);
    await this.#maybeCommit();
  }

  /** Neighbours become one: a disk of zeros shall not make a long checkpoint. */
  #noteZeros(range: Range): void {
    const last = this.#zeroed.at(-1);
    if (last && endOf(last) === range.offset) {
      this.#zeroed[this.#zeroed.length - 1] = { offset: last.offset, length: last.length + range.length };
    } else this.#zeroed.push(range);
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
    if (this.#failure !== undefined || this.#uncommitted.length === 0) return;
    await this.#commit(undefined).catch(() => undefined);
  }

  /** Waits for a commit that is under way: nothing touches the target afterwards. */
  async #settled(): Promise<void> {
    await this.#committing?.catch(() => undefined);
  }

  async #write(offset: number, bytes: Uint8Array, runs: readonly Range[]): Promise<void> {
    const { target, meter, signal, checkpoint } = this.#how;
    const zeroed = checkpoint.start.startedZeroed;
    const whole = !zeroed && !target.traits.fastZero;
    const writes = whole ? [{ offset: 0, length: bytes.length }] : joined(runs);
    for (const write of writes) {
      await target.write(offset + write.offset, this.#aligned(offset, bytes, write), signal);
      meter.bytesWritten += write.length;
    }
    if (zeroed || whole) return;
    for (const gap of gapsBetween(writes, bytes.length)) {
      await target.zero(this.#alignedRange(offset + gap.offset, gap.length), { mayPunch: true }, signal);
      meter.bytesZeroed += gap.length;
    }
  }

  /** The last bytes of a disk may end inside a block of the target: zeros fill it up, as far as the target reaches. */
  #aligned(base: number, bytes: Uint8Array, run: Range): Uint8Array {
    const length = this.#alignedRange(base + run.offset, run.length).length;
    if (length === run.length) return bytes.subarray(run.offset, run.offset + run.length);
    const padded = new Uint8Array(length);
    padded.set(bytes.subarray(run.offset, run.offset + run.length));
    return padded;
  }

  #alignedRange(offset: number, length: number): Range {
    const { target } = this.#how;
    if (isAligned(length, target.traits.align)) return { offset, length };
    return { offset, length: Math.min(alignUp(length, target.traits.align), target.size - offset) };
  }

  async #written(written: Written): Promise<void> {
    this.#uncommitted.push(written);
    this.#uncommittedBytes += written.range.length;
    await this.#maybeCommit();
  }

  async #maybeCommit(): Promise<void> {
    const due = this.#uncommittedBytes >= this.#commitBytes() || Date.now() - this.#lastCommit >= COMMIT_MS;
    if (due && !this.#committing) {
      this.#committing = this.#commit(this.#how.signal)
        .catch(() => undefined)
        .finally(() => (this.#committing = undefined));
    }
    if (this.#uncommittedBytes >= COMMITS_BEHIND * this.#commitBytes()) await this.#committing;
    this.#throwIfFailed();
  }

  #commitBytes(): number {
    const { commitBytes, progress } = this.#how;
    return commitBytes ?? (progress?.places ? COMMIT_BYTES_IN_PLACES : COMMIT_BYTES);
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
    const batch = this.#uncommitted;
    const zeroed = this.#zeroed;
    this.#uncommitted = [];
    this.#zeroed = [];
    this.#uncommittedBytes = 0;
    this.#lastCommit = Date.now();
    await target.flush(signal);
    if (verify) await this.#readBack(batch, signal);
    const segments = batch.filter(({ whole }) => whole).map(({ index, digest }) => ({ index, digest }));
    const torn = batch.filter(({ whole }) => !whole).map(({ index }) => ({ index }));
    await checkpoint.commit({
      segments,
      torn,
      zeroed,
      ...(position === undefined ? {} : { position }),
      ...(place && { place }),
    });
    for (const { range } of batch) meter.committed += range.length;
  }

  async #readBack(batch: readonly Written[], signal: AbortSignal | undefined): Promise<void> {
    const { target, meter, workshop } = this.#how;
    const readBack = target.readBack;
    if (!readBack) throw new DiskferryError('target-unsupported', `${target.label} cannot be read back`);
    await forEachBounded(batch, 2, async (written) => {
      await checkWritten({ readBack, workshop, buffers: this.#buffers, signal }, written);
      meter.verified += written.range.length;
    });
  }
}

/** Runs with small gaps made one. */
function joined(runs: readonly Range[]): Range[] {
  const result: { offset: number; length: number }[] = [];
  for (const run of runs) {
    const last = result.at(-1);
    if (last && run.offset - (last.offset + last.length) <= JOINED_GAP)
      last.length = run.offset + run.length - last.offset;
    else result.push({ ...run });
  }
  return result;
}
