import type { Forecast, ForecastBasis } from '@diskferry/protocol';
import type { MigrationOptions } from '../migrations/migration.ts';
import type { Speed } from './measure-speed.ts';

export interface Load {
  readonly fileSize: number | null;
  readonly virtualSize: number | null;
  readonly speed: Speed | undefined;
}

/** How much faster and slower than measured it may be: a few MiB tell little, earlier migrations more. */
const SPREAD = { now: { fast: 1.5, slow: 0.5 }, earlier: { fast: 1.2, slow: 0.7 } } as const;
/** What a disk takes and gives back at least, in bytes a second: no better is known before it is written. */
const DISK_RATE = 100_000_000;

/** How long all images take one after another; null where one of them tells too little. */
export function forecast(loads: readonly Load[], { bandwidth, verify }: MigrationOptions): Forecast | null {
  let low = 0;
  let high = 0;
  for (const { fileSize, virtualSize, speed } of loads) {
    if (fileSize === null || speed === undefined) return null;
    const { fast, slow } = SPREAD[speed.basis];
    const limit = bandwidth ?? Number.POSITIVE_INFINITY;
    low += fileSize / Math.min(speed.rate * fast, limit);
    // The disk is written, and read back where that is wanted.
    const passes = verify === 'none' ? 1 : 2;
    high += fileSize / Math.min(speed.rate * slow, limit) + (passes * (virtualSize ?? fileSize)) / DISK_RATE;
  }
  const seconds = { low: Math.max(1, Math.floor(low)), high: Math.max(1, Math.ceil(high)) };
  return { seconds, basis: basisOf(loads, bandwidth) };
}

function basisOf(loads: readonly Load[], limit: number | null): ForecastBasis {
  return {
    bytes: loads.reduce((sum, { fileSize }) => sum + (fileSize ?? 0), 0),
    rate: Math.floor(Math.min(...loads.map(({ speed }) => speed?.rate ?? Number.POSITIVE_INFINITY))),
    from: loads.every(({ speed }) => speed?.basis === 'earlier') ? 'earlier' : 'now',
    limit,
    diskRate: DISK_RATE,
  };
}
