import type { Range } from '../base/bytes.ts';
import type { History } from './history.ts';
import { segmentCount, segmentOf } from './segment.ts';

/**
 * What is known of a segment. `hole`: the image holds nothing there. `zero`: it was made zero, or found to be. `waiting`:
 * the image holds data there that has not come yet. `failed`: it could not be read or written, or was not kept.
 */
export const CELL_STATES = ['hole', 'zero', 'waiting', 'copied', 'verified', 'unknown', 'failed'] as const;
export type CellState = (typeof CELL_STATES)[number];

/** A grid of more cells could not be told apart on a screen, and would be long to send. */
export const MOST_CELLS = 1024;

const ZERO = codeOf('zero');
const COPIED = codeOf('copied');
const VERIFIED = codeOf('verified');
const UNKNOWN = codeOf('unknown');
const FAILED = codeOf('failed');
const STATES = CELL_STATES.length;
/** Where several of these lie in one cell it is shown as the first of them: never better than its worst segment. */
const WORST_FIRST = (['failed', 'waiting', 'copied', 'verified', 'zero', 'hole'] as const).map(codeOf);

/**
 * How far a copy is in each place of the virtual disk: one byte for each segment, and for each of at most `MOST_CELLS` equal
 * cells how many of its segments are in which state. A segment is in one state at a time, so that whatever is told twice
 * (a part written over a segment, a second reading back) is counted once.
 *
 * Written by the engine as it goes, read by whoever shows it. Nothing depends on it.
 */
export class DiskMap {
  #segments = new Uint8Array(0);
  #counts = new Uint32Array(0);
  #segmentsPerCell = 1;
  #revision = 0;

  /** Another number than before: something has changed. */
  get revision(): number {
    return this.#revision;
  }

  get cells(): number {
    return this.#counts.length / STATES;
  }

  /** The size of the disk, or of the target as long as it is not known. What was told before stays. */
  sized(diskSize: number): void {
    const count = segmentCount(diskSize);
    if (count === this.#segments.length) return;
    const before = this.#segments.subarray(0, count);
    this.#segments = new Uint8Array(count).fill(UNKNOWN);
    this.#segments.set(before);
    this.#segmentsPerCell = Math.max(1, Math.ceil(count / MOST_CELLS));
    this.#counts = new Uint32Array(Math.ceil(count / this.#segmentsPerCell) * STATES);
    for (let index = 0; index < count; index++) this.#count(index, this.#segments[index] as number, 1);
    this.#revision += 1;
  }

  mark(index: number, state: CellState): void {
    this.#mark(index, codeOf(state));
  }

  /** Every segment that the range touches. */
  markRange(range: Range, state: CellState): void {
    const end = Math.min(this.#segments.length, segmentOf(range.offset + range.length - 1) + 1);
    for (let index = segmentOf(range.offset); index < end; index++) this.mark(index, state);
  }

  /** What the map of the image says of segments from `from` to before `to`: what is known better stays. */
  foresee(from: number, to: number, state: 'hole' | 'waiting'): void {
    const code = codeOf(state);
    const end = Math.min(to, this.#segments.length);
    for (let index = from; index < end; index++) if (this.#segments[index] === UNKNOWN) this.#mark(index, code);
  }

  /** What was copied there was read back and is equal. Where nothing was, there is nothing more to say. */
  verify(index: number): void {
    if (this.#segments[index] === COPIED) this.#mark(index, VERIFIED);
  }

  /** Counts what an earlier run has done as copied: whether it was read back then is not recorded. */
  resume(history: History): void {
    for (let index = 0; index < this.#segments.length; index++) {
      if (!history.isDone(index)) continue;
      const isZero = history.digests.get(index) === undefined && !history.torn.has(index);
      this.#mark(index, isZero ? ZERO : COPIED);
    }
  }

  /** How many segments of a cell are in which state. */
  cell(cell: number): Record<CellState, number> {
    const at = cell * STATES;
    const counts = CELL_STATES.map((state, code) => [state, this.#counts[at + code] ?? 0] as const);
    return Object.fromEntries(counts) as Record<CellState, number>;
  }

  /** As what a cell is to be shown. */
  stateOf(cell: number): CellState {
    const at = cell * STATES;
    const has = (code: number) => this.#counts[at + code] ?? 0;
    const inCell = Math.min(this.#segmentsPerCell, this.#segments.length - cell * this.#segmentsPerCell);
    if (has(FAILED) === 0 && has(UNKNOWN) * 2 > inCell) return 'unknown';
    return CELL_STATES[WORST_FIRST.find((code) => has(code) > 0) ?? UNKNOWN] as CellState;
  }

  #mark(index: number, state: number): void {
    const before = this.#segments[index];
    if (before === undefined || before === state) return;
    this.#segments[index] = state;
    this.#count(index, before, -1);
    this.#count(index, state, 1);
    this.#revision += 1;
  }

  #count(index: number, state: number, change: 1 | -1): void {
    const at = Math.floor(index / this.#segmentsPerCell) * STATES + state;
    this.#counts[at] = (this.#counts[at] as number) + change;
  }
}

function codeOf(state: CellState): number {
  return CELL_STATES.indexOf(state);
}

/** Tells the map where on the disk a piece of work has failed; one that was stopped has not. */
export async function failing<Result>(
  { map, signal }: { readonly map?: DiskMap | undefined; readonly signal?: AbortSignal | undefined },
  range: Range,
  work: Promise<Result>,
): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (signal?.aborted !== true) map?.markRange(range, 'failed');
    throw error;
  }
}
