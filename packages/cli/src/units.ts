import { DiskferryError } from '@diskferry/engine';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** Bytes for people: three digits and a binary unit. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return `${value.toFixed(digits)} ${UNITS[unit]}`;
}

export function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  k: 1024,
  m: 1024 ** 2,
  g: 1024 ** 3,
  t: 1024 ** 4,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
  tib: 1024 ** 4,
};

/** `50M`, `50MiB` (both 50 * 2^20), `50MB` (50 * 10^6), `1.5G`, `1000`. */
export function parseBytes(text: string, what: string): number {
  const [, digits = '', unit = ''] = /^([0-9]+(?:\.[0-9]+)?)\s*([a-zA-Z]*?)(?:\/s)?$/.exec(text.trim()) ?? [];
  const factor = FACTORS[unit.toLowerCase()];
  const bytes = Math.floor(Number(digits) * (factor ?? Number.NaN));
  if (digits && Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  throw new DiskferryError('usage', `${what} is ${text}; give a size such as 50M, 50MB or 1.5GiB`);
}

/** A whole number from 1 to `most`. */
export function parseCount(text: string, what: string, most: number): number {
  const count = Number(text);
  if (/^[0-9]+$/.test(text) && count >= 1 && count <= most) return count;
  throw new DiskferryError('usage', `${what} is ${text}; give a number from 1 to ${most}`);
}
