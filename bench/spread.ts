export interface Spread {
  readonly median: number;
  /** 95 of 100 are not above it. */
  readonly high: number;
  readonly worst: number;
}

export function spreadOf(times: readonly number[]): Spread {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
  return { median: at(0.5), high: at(0.95), worst: at(1) };
}
