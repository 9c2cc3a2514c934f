export const KIB = 1024;
export const MIB = 1024 * KIB;
export const GIB = 1024 * MIB;
export const TIB = 1024 * GIB;

const UNITS: Readonly<Record<string, number>> = { K: KIB, M: MIB, G: GIB, T: TIB };

/** Bytes of `64M`, `4G`; throws on anything else. */
export function parseSize(text: string): number {
  const [, count, unit] = /^(\d+)([KMGT])$/.exec(text) ?? [];
  if (count === undefined || unit === undefined) throw new Error(`a size is a number and K, M, G or T, not ${text}`);
  return Number(count) * UNITS[unit]!; // the pattern allows these four alone
}

export function formatSize(bytes: number): string {
  const unit = ['T', 'G', 'M', 'K'].find((name) => bytes >= UNITS[name]!) ?? 'K'; // names come from UNITS
  const count = bytes / UNITS[unit]!;
  return `${Number.isInteger(count) ? count : count.toFixed(count < 10 ? 2 : 1)} ${unit}iB`;
}
