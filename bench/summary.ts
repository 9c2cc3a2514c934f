import { BEST_PEER, type Case, type Goal } from './cases.ts';
import { limitSeconds } from './limit.ts';
import type { Row } from './measure.ts';
import { OURS } from './ours.ts';
import type { Timing } from './run-timed.ts';
import { MIB } from './units.ts';

export interface RowSummary {
  readonly name: string;
  readonly kind: Row['kind'];
  readonly median: Timing | undefined;
  /** How many times faster than the best peer: the median of the rounds' own ratios. */
  readonly overBestPeer: number | undefined;
  /** How many times the limit it took; undefined too where the limit is less than can be measured. */
  readonly overLimit: number | undefined;
  readonly leftOut: string | undefined;
}

export interface Verdict {
  readonly goal: string;
  readonly found: string;
  readonly isReached: boolean;
}

export interface CaseSummary {
  readonly name: string;
  readonly limitSeconds: number | undefined;
  readonly bestPeer: string | undefined;
  readonly rows: readonly RowSummary[];
  readonly verdicts: readonly Verdict[];
}

const MEMORY_GOAL = 256 * MIB;

export function summarise(which: Case, rows: readonly Row[]): CaseSummary {
  const [read, ...writes] = rows.filter(({ kind }) => kind === 'limit').map(medianTiming);
  const limit =
    read &&
    limitSeconds(
      read,
      writes.filter((write) => write !== undefined),
    );
  const peers = rows.filter((row) => row.kind === 'peer' && row.timings.length > 0);
  const best = peers.toSorted((a, b) => medianWall(a) - medianWall(b))[0];
  return {
    name: which.name,
    limitSeconds: limit,
    bestPeer: best?.name,
    rows: rows.map((row) => summariseRow(row, { best, limit })),
    verdicts: verdicts(which, rows, { best, limit }),
  };
}

interface Measures {
  readonly best: Row | undefined;
  readonly limit: number | undefined;
}

function summariseRow(row: Row, { best, limit }: Measures): RowSummary {
  const timing = medianTiming(row);
  const compares = row.kind !== 'limit' && timing !== undefined;
  return {
    name: row.name,
    kind: row.kind,
    median: timing,
    overBestPeer: compares && best !== undefined ? timesFaster(row, best) : undefined,
    overLimit: compares && limit ? timing.wallSeconds / limit : undefined,
    leftOut: row.leftOut,
  };
}

function verdicts(which: Case, rows: readonly Row[], measures: Measures): Verdict[] {
  const own = rows.find(({ name, timings }) => name === OURS && timings.length > 0);
  if (own === undefined) return [];
  const peak = Math.max(
    ...rows.filter(({ kind }) => kind === 'ours').flatMap(({ timings }) => timings.map(({ peakBytes }) => peakBytes)),
  );
  const memory = {
    goal: 'peak memory 256 MiB',
    found: `${Math.round(peak / MIB)} MiB`,
    isReached: peak <= MEMORY_GOAL,
  };
  return [...which.goals.flatMap((goal) => verdict(goal, { own, rows, ...measures }) ?? []), memory];
}

function verdict(
  goal: Goal,
  { own, rows, best, limit }: Measures & { own: Row; rows: readonly Row[] },
): Verdict | undefined {
  const wall = medianWall(own);
  if (goal.kind === 'under')
    return { goal: `under ${goal.seconds} s`, found: `${wall.toFixed(2)} s`, isReached: wall < goal.seconds };
  const other =
    goal.than === BEST_PEER ? best : rows.find(({ name, timings }) => name === goal.than && timings.length > 0);
  if (other === undefined) return undefined;
  const times = timesFaster(own, other);
  const near = goal.orWithinLimit !== undefined && limit !== undefined ? wall / limit : Infinity;
  const alternative = goal.orWithinLimit === undefined ? '' : `, or within ${goal.orWithinLimit} of the limit`;
  return {
    goal: `${goal.times} times ${goal.than}${alternative}`,
    found: `${times.toFixed(2)} times${near === Infinity ? '' : `, ${near.toFixed(2)} of the limit`}`,
    isReached: times >= goal.times || near <= (goal.orWithinLimit ?? 0),
  };
}

/** Ratios within a round, since the machine may be slower in one round than in the next. */
function timesFaster(row: Row, than: Row): number {
  const rounds = Math.min(row.timings.length, than.timings.length);
  return median(
    row.timings.slice(0, rounds).map(({ wallSeconds }, round) => than.timings[round]!.wallSeconds / wallSeconds),
  ); // both have so many
}

function medianWall(row: Row): number {
  return median(row.timings.map(({ wallSeconds }) => wallSeconds));
}

export function medianTiming({ timings }: Pick<Row, 'timings'>): Timing | undefined {
  if (timings.length === 0) return undefined;
  const of = (field: keyof Timing): number => median(timings.map((timing) => timing[field]));
  return { wallSeconds: of('wallSeconds'), cpuSeconds: of('cpuSeconds'), peakBytes: of('peakBytes') };
}

/** NaN of nothing. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const [low = NaN, high = NaN] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return (low + high) / 2;
}
