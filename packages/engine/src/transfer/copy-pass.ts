import { alignDown, alignUp, MiB } from '../base/align.ts';
import { endOf, type Range } from '../base/bytes.ts';
import { DiskferryError } from '../base/errors.ts';
import type { Piece, Scan } from '../image/image.ts';
import type { Target } from '../target/target.ts';
import { Assembler, fillGaps, type Gathered } from './assemble.ts';
import type { CopyOptions } from './copy-ranges.ts';
import { isDigested } from './finish-segment.ts';
import type { Meter } from './meter.ts';
import type { PassProgress } from './pass-progress.ts';
import { SEGMENT, segmentCount } from './segment.ts';

const ZERO_STEP = 256 * MiB;

export interface PassOptions extends CopyOptions {
  readonly target: Target;
  /** Kept up to date by the copy: where `Landing` may commit to. */
  readonly progress: PassProgress;
}

/**
 * Copies an image that goes by once. The disk is written in the order of the file; what an earlier run has landed is
 * read again and not written again. Afterwards every segment that no piece touched is made zero, where it is not yet.
 * @returns the size of the disk
 */
export async function copyPass(scan: Scan, how: PassOptions): Promise<number> {
  const assembler = new Assembler();
  // What is in flight is read again after a crash: no more of it than the target has a use for.
  const writes = new Writes(Math.min(how.width, how.target.traits.writers));
  how.progress.held = () => assembler.oldest();
  const land = (segment: Gathered, diskSize: number | undefined) =>
    writes.start(segment.index, () =>
      landSegment(segment, how, { diskSize, release: () => assembler.release(segment) }),
    );
  try {
    for await (const piece of watched(scan, how.meter)) {
      how.signal?.throwIfAborted();
      for (const segment of accept(assembler, piece, how)) await land(segment, scan.size);
      scan.places?.taken(piece);
    }
    const { size } = scan.conclude();
    for (const segment of assembler.rest()) await land(segment, size);
    await writes.all();
    how.map?.sized(size);
    await zeroUntouched(size, how);
    // No piece came there, and it need not be made zero.
    how.map?.foresee(0, segmentCount(size), 'hole');
    return size;
  } finally {
    await writes.settled();
  }
}

/** What a piece keeps waiting for is the source as far as its stream does, and otherwise what is around the image. */
async function* watched(scan: Scan, meter: Meter): AsyncIterable<Piece> {
  let begun = performance.now();
  let streamed = meter.streamWaited;
  for await (const piece of scan.pieces()) {
    const elapsed = performance.now() - begun;
    const source = Math.min(elapsed, meter.streamWaited - streamed);
    meter.waited.source += source;
    meter.waited.decode += elapsed - source;
    meter.decoded += piece.bytes.length;
    yield piece;
    begun = performance.now();
    streamed = meter.streamWaited;
  }
}

function* accept(assembler: Assembler, piece: { offset: number; bytes: Uint8Array }, how: PassOptions) {
  const { progress, history, target, meter } = how;
  const end = piece.offset + piece.bytes.length;
  if (end > target.size) {
    const message = `the disk is larger than the target: it reaches ${end} bytes and more, the target has ${target.size}`;
    throw new DiskferryError('target-too-small', message, { offset: piece.offset });
  }
  const known = Math.min(piece.bytes.length, Math.max(0, history.position - progress.taken));
  meter.landed += known;
  const fresh = piece.bytes.subarray(known);
  yield* registering(assembler.accept(piece.offset + known, fresh, progress.taken + known), progress);
  // Only now: while a piece is being gathered a commit must not count the rest of it.
  progress.taken += piece.bytes.length;
}

/** A segment that leaves the assembler is being written from that moment on: no commit may pass it by. */
function* registering(segments: Iterable<Gathered>, progress: PassProgress): Iterable<Gathered> {
  for (const segment of segments) {
    progress.writing.add(segment.first);
    yield segment;
  }
}

async function landSegment(
  segment: Gathered,
  how: PassOptions,
  { diskSize, release }: { readonly diskSize: number | undefined; release(): void },
): Promise<void> {
  const { history, landing, progress } = how;
  progress.writing.add(segment.first);
  const { index, bytes } = segment;
  const offset = index * SEGMENT;
  const length = Math.min(SEGMENT, (diskSize ?? how.target.size) - offset);
  if (history.isDone(index)) {
    for (const range of segment.covered) await landPart(segment, range, how);
    if (bytes) history.tear(index);
    release();
  } else if (bytes) {
    const whole = fillGaps(bytes, segment.covered, length);
    const raw = { offset, bytes: whole, parcels: [], zeros: [], digested: how.digested };
    const finished = await how.meter.waiting('decode', how.workshop.finish(raw));
    await landing.segment(index, { bytes: whole, release }, finished);
    if (isDigested(finished)) history.add(index, finished.digest);
    else history.tear(index);
  } else {
    await landing.zero({ offset, length });
    history.addZeros({ offset, length });
  }
  progress.writing.delete(segment.first);
}

/** Part of a segment over what is there: a target with large blocks gets whole ones, filled up with what it holds. */
async function landPart(segment: Gathered, range: Range, how: PassOptions): Promise<void> {
  const { target, landing, signal } = how;
  const bytes = segment.bytes as Uint8Array;
  const base = segment.index * SEGMENT;
  const begin = alignDown(range.offset, target.traits.align);
  const end = Math.min(alignUp(endOf(range), target.traits.align), target.size - base);
  if (begin === range.offset && end === endOf(range)) {
    await landing.part(segment.index, base + begin, bytes.subarray(begin, end));
    return;
  }
  const block = new Uint8Array(end - begin);
  if (!target.readBack) throw new DiskferryError('target-unsupported', `${target.label} cannot be read back`);
  await target.readBack.read(base + begin, block, signal);
  block.set(bytes.subarray(range.offset, endOf(range)), range.offset - begin);
  await landing.part(segment.index, base + begin, block);
}

async function zeroUntouched(size: number, how: PassOptions): Promise<void> {
  const count = segmentCount(size);
  for (let at = 0; at < count && !how.startedZeroed;) {
    let end = at;
    while (end < count && (end - at) * SEGMENT < ZERO_STEP && !how.history.isDone(end)) end += 1;
    if (end > at) {
      how.signal?.throwIfAborted();
      const range = { offset: at * SEGMENT, length: Math.min(end * SEGMENT, size) - at * SEGMENT };
      await how.landing.zero(range);
      how.history.addZeros(range);
    }
    at = Math.max(end, at + 1);
  }
}

/**
 * A few writes at once, never two of one segment: whether it is written whole or in parts depends on what is there. The
 * first failure is thrown where the next one is begun.
 */
class Writes {
  readonly #width: number;
  readonly #running = new Map<number, Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(width: number) {
    this.#width = width;
  }

  async start(index: number, write: () => Promise<void>): Promise<void> {
    await this.#running.get(index);
    this.#throwIfFailed();
    const running: Promise<void> = write()
      .catch((error: unknown) => void (this.#failure ??= { error }))
      .finally(() => this.#running.delete(index));
    this.#running.set(index, running);
    if (this.#running.size >= this.#width) await Promise.race(this.#running.values());
    this.#throwIfFailed();
  }

  async all(): Promise<void> {
    await this.settled();
    this.#throwIfFailed();
  }

  async settled(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  #throwIfFailed(): void {
    if (this.#failure) throw this.#failure.error;
  }
}
