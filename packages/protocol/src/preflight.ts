import type { WaitingReason } from './migration-state.ts';

/** What a check says: nothing stands in the way, the person should know something, or it cannot be done. */
export const VERDICTS = ['pass', 'warn', 'block', 'unknown'] as const;
export type CheckVerdict = (typeof VERDICTS)[number];

/** One check of a preflight. Text is in the language that was asked for, evidence as it was found. */
export interface Check {
  /** Stable, never renamed. A warning is accepted by it. */
  readonly code: string;
  readonly verdict: CheckVerdict;
  /** Which image it speaks of, counted from 0; null: the migration as a whole. */
  readonly image: number | null;
  /** What was looked at, one short sentence. */
  readonly title: string;
  /** The values that were found, both numbers where two are compared. */
  readonly evidence: string;
  /** What the person can do; null where nothing is to be done. */
  readonly remedy: string | null;
  /** What a worker that met it would wait for, where waiting can help. */
  readonly waitsFor?: WaitingReason;
}

/**
 * Whether a person may go on in spite of it, by naming its code: a warning; and a system that is not expected to start, for
 * that is a prediction, and who knows better has its disks written. What blocks for another reason cannot be done.
 */
export function mayBeAccepted({ code, verdict }: Pick<Check, 'code' | 'verdict'>): boolean {
  return verdict === 'warn' || (verdict === 'block' && code.startsWith('guest-'));
}

/** How long it will take: a range, and what it rests on. */
export interface Forecast {
  readonly seconds: { readonly low: number; readonly high: number };
  readonly basis: ForecastBasis;
}

/** Bytes, and bytes a second. */
export interface ForecastBasis {
  /** To be read from all sources. */
  readonly bytes: number;
  /** Of the slowest source. */
  readonly rate: number;
  /** Measured by a short read just now, or by earlier migrations. */
  readonly from: 'now' | 'earlier';
  /** What the migration is held to. */
  readonly limit: number | null;
  /** What is expected of the disk at the worst. */
  readonly diskRate: number;
}
