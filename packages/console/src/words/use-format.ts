import { useTranslation } from 'react-i18next';
import { bytes, dateTime, duration, exactBytes, percent, rate, shortTime } from './format.ts';
import type { Language } from './languages.ts';

/** Numbers, sizes and times as the language that is shown writes them. */
export function useFormat() {
  const language = useTranslation().i18n.language as Language;
  return {
    bytes: (count: number) => bytes(count, language),
    exactBytes: (count: number) => exactBytes(count, language),
    rate: (perSecond: number) => rate(perSecond, language),
    percent: (share: number) => percent(share, language),
    duration: (seconds: number) => duration(seconds, language),
    dateTime: (at: number) => dateTime(at, language),
    shortTime: (at: number) => shortTime(at, language),
    /** To the second. */
    clockTime: (at: number) => shortTime(at, language, 'medium'),
    list: (parts: readonly string[]) => new Intl.ListFormat(language, { type: 'unit' }).format(parts),
    number: (count: number) => new Intl.NumberFormat(language).format(count),
  };
}
export type Format = ReturnType<typeof useFormat>;
