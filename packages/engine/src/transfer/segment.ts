import { KiB, MiB } from '../base/align.ts';
import type { Range } from '../base/bytes.ts';
import { isZero } from '../base/zero.ts';

/**
 * The virtual disk is copied, flushed, recorded and verified in segments. The size is part of the checkpoint and of the
 * digest: another value starts every copy anew. Larger ones cost memory (several are in flight), smaller ones requests.
 */
export const SEGMENT = 4 * MiB;

/** Within a segment, zeros are found in blocks of this size: a smaller one finds more and costs more writes. */
export const BLOCK = 64 * KiB;

export function segmentRange(index: number, diskSize: number): Range {
  const offset = index * SEGMENT;
  return { offset, length: Math.min(SEGMENT, diskSize - offset) };
}

export function segmentOf(offset: number): number {
  return Math.floor(offset / SEGMENT);
}

/** How many segments a disk has. */
export function segmentCount(diskSize: number): number {
  return Math.ceil(diskSize / SEGMENT);
}

/** The longest runs of blocks that hold a non-zero byte, relative to the segment. The last block may be short. */
export function dataRuns(segment: Uint8Array): Range[] {
  const runs: { offset: number; length: number }[] = [];
  for (let offset = 0; offset < segment.length; offset += BLOCK) {
    const length = Math.min(BLOCK, segment.length - offset);
    if (isZero(segment.subarray(offset, offset + length))) continue;
    const last = runs.at(-1);
    if (last && last.offset + last.length === offset) last.length += length;
    else runs.push({ offset, length });
  }
  return runs;
}

/** What lies between the runs, up to `length`: ascending. */
export function gapsBetween(runs: readonly Range[], length: number): Range[] {
  const gaps: Range[] = [];
  let at = 0;
  for (const run of runs) {
    if (run.offset > at) gaps.push({ offset: at, length: run.offset - at });
    at = run.offset + run.length;
  }
  if (at < length) gaps.push({ offset: at, length: length - at });
  return gaps;
}
