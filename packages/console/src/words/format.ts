import type { Language } from './languages.ts';

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** 1.5 GiB: three digits that count, in the digits of the language. Sizes of disks are powers of two. */
export function bytes(count: number, language: Language): string {
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value);
  return `${number} ${UNITS[unit] ?? ''}`;
}

export function rate(perSecond: number, language: Language): string {
  return `${bytes(Math.max(0, Math.round(perSecond)), language)}/s`;
}

/** To the byte, for receipts and comparisons. */
export function exactBytes(count: number, language: Language): string {
  return `${new Intl.NumberFormat(language).format(count)} B`;
}

export function percent(share: number, language: Language): string {
  // Never 100 % before it is whole.
  const shown = share >= 1 ? 1 : Math.min(share, 0.999);
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(shown);
}

const PARTS = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** The two largest parts: 2 hr 5 min. */
export function duration(seconds: number, language: Language): string {
  let rest = Math.max(0, Math.round(seconds));
  const first = PARTS.findIndex(([, length]) => rest >= length);
  if (first === -1) return part(0, 'second', language);
  const shown: string[] = [];
  for (const [unit, length] of PARTS.slice(first, first + 2)) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) shown.push(part(count, unit, language));
  }
  return shown.join(' ');
}

function part(count: number, unit: string, language: Language): string {
  return new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(count);
}

export function dateTime(at: number, language: Language): string {
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(at);
}

/** Of today only the time, otherwise also the day. */
export function shortTime(at: number, language: Language, timeStyle: 'short' | 'medium' = 'short'): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString();
  return new Intl.DateTimeFormat(language, { timeStyle, ...(isToday ? {} : { dateStyle: 'short' }) }).format(at);
}
