import { alignUp, isAligned } from '../base/align.ts';
import type { Range } from '../base/bytes.ts';
import type { Target } from '../target/target.ts';
import type { Meter } from './meter.ts';
import { gapsBetween } from './segment.ts';

/** Gaps between runs up to this size are written as zeros with their neighbours: one write is cheaper than two. */
const JOINED_GAP = 64 * 1024;

export interface WriteHow {
  readonly target: Target;
  readonly meter: Meter;
  /** What was not written reads as zeros: gaps need no work. */
  readonly gapsAreZero: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface SegmentContent {
  /** Of the disk. */
  readonly offset: number;
  readonly bytes: Uint8Array;
  /** Relative to the segment: what is not zero. */
  readonly runs: readonly Range[];
}

/** Puts a segment on the target: afterwards its runs are there, and everything between them reads as zeros. */
export async function writeSegment(how: WriteHow, { offset, bytes, runs }: SegmentContent): Promise<void> {
  const { target, meter, signal, gapsAreZero } = how;
  const whole = !gapsAreZero && !target.traits.fastZero;
  const writes = whole ? [{ offset: 0, length: bytes.length }] : joined(runs);
  for (const write of writes) {
    await target.write(offset + write.offset, filledUp(target, { offset, bytes }, write), signal);
    meter.bytesWritten += write.length;
  }
  if (gapsAreZero || whole) return;
  for (const gap of gapsBetween(writes, bytes.length)) {
    const range = { offset: offset + gap.offset, length: gap.length };
    await target.zero(suited(target, range), { mayPunch: true }, signal);
    meter.bytesZeroed += gap.length;
  }
}

/** A range that begins in a suitable place, made longer so that it ends in one, as far as the target reaches. */
export function suited(target: Target, { offset, length }: Range): Range {
  const { align } = target.traits;
  if (isAligned(length, align)) return { offset, length };
  return { offset, length: Math.min(alignUp(length, align), target.size - offset) };
}

/** The last bytes of a disk may end inside a block of the target: zeros fill it up. */
function filledUp(target: Target, segment: { offset: number; bytes: Uint8Array }, run: Range): Uint8Array {
  const { length } = suited(target, { offset: segment.offset + run.offset, length: run.length });
  const bytes = segment.bytes.subarray(run.offset, run.offset + run.length);
  if (length === run.length) return bytes;
  const padded = new Uint8Array(length);
  padded.set(bytes);
  return padded;
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
