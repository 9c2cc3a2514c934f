import type { Forecast, ForecastBasis } from '@diskferry/protocol';
import type { ForecastView } from '@diskferry/protocol/schemas';
import type { Language } from '../language.ts';

/** A forecast as it is shown: what it rests on in words. */
export function forecastIn(forecast: Forecast | null, language: Language): ForecastView | null {
  if (forecast === null) return null;
  const { low, high } = forecast.seconds;
  // In logs from before it was told in parts it is a sentence.
  const basis = forecast.basis as ForecastBasis | string;
  return { seconds: { low, high }, basis: typeof basis === 'string' ? basis : basisText(basis, language) };
}

/** The parts of the sentence, with sizes as people say them. */
interface Parts {
  readonly bytes: string;
  readonly rate: string;
  readonly limit: string | null;
  readonly diskRate: string;
  readonly isEarlier: boolean;
}

function basisText({ bytes, rate, from, limit, diskRate }: ForecastBasis, language: Language): string {
  return SENTENCES[language]({
    bytes: short(bytes),
    rate: `${short(rate)}/s`,
    limit: limit === null ? null : `${short(limit)}/s`,
    diskRate: `${short(diskRate)}/s`,
    isEarlier: from === 'earlier',
  });
}

const SENTENCES: Readonly<Record<Language, (parts: Parts) => string>> = {
  en: ({ bytes, rate, limit, diskRate, isEarlier }) => {
    const measured = isEarlier ? 'as earlier migrations from there reached' : 'as a read of a few MiB just now gave';
    const held = limit === null ? '' : `, held to ${limit}`;
    return `${bytes} to read at ${rate}, ${measured}${held}; at the longest also ${diskRate} for the disk`;
  },
  ja: ({ bytes, rate, limit, diskRate, isEarlier }) => {
    const measured = isEarlier ? '同じ場所からのこれまでの移行の実績' : '数 MiB を試し読みした結果';
    const held = limit === null ? '' : `、上限 ${limit}`;
    return `${bytes} を ${rate} で読み取り（${measured}${held}）。長い方はディスクの書き込みを ${diskRate} と見込んでいます`;
  },
  zh: ({ bytes, rate, limit, diskRate, isEarlier }) => {
    const measured = isEarlier ? '以往从该处迁移达到的速度' : '刚刚试读数 MiB 的结果';
    const held = limit === null ? '' : `，限速 ${limit}`;
    return `以 ${rate} 读取 ${bytes}（${measured}${held}）；较长的估计还计入磁盘 ${diskRate}`;
  },
};

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

function short(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) [value, unit] = [value / 1024, unit + 1];
  return `${Number(value.toPrecision(3))} ${UNITS[unit] ?? ''}`;
}
