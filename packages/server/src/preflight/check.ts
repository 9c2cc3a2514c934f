import type { Check } from '@diskferry/protocol';
import { CHECKS, type CheckCode } from './catalogue.ts';

type VerdictOf<Code extends CheckCode> = (typeof CHECKS)[Code]['verdicts'][number];

/** Names in an archive and answers of a server may be of any length. */
const LONGEST_EVIDENCE = 1000;

/**
 * A check with the words of the catalogue.
 * @param evidence what was found; may quote what lies outside
 * @param remedy where more can be said than the catalogue does
 */
export function check<Code extends CheckCode>(
  code: Code,
  verdict: VerdictOf<Code>,
  image: number | null,
  evidence: string,
  remedy: string | null = CHECKS[code].remedy,
): Check {
  const entry: { readonly title: string; readonly waitsFor?: Check['waitsFor'] } = CHECKS[code];
  const common = { code, verdict, image, title: entry.title, evidence: clean(evidence) };
  if (verdict === 'pass') return { ...common, remedy: null };
  return {
    ...common,
    remedy,
    ...(verdict === 'block' && entry.waitsFor !== undefined ? { waitsFor: entry.waitsFor } : {}),
  };
}

/** Control characters, and those that turn the direction of a line, could make a terminal or a page say something else. */
export function clean(text: string): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ').trim();
  return plain.length <= LONGEST_EVIDENCE ? plain : `${plain.slice(0, LONGEST_EVIDENCE)} …`;
}

/** Exact, and as people say it: `1610612736 bytes (1.5 GiB)`. */
export function bytesText(count: number): string {
  const units = ['KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = count;
  let unit = '';
  for (const next of units) {
    if (value < 1024) break;
    value /= 1024;
    unit = next;
  }
  return unit === '' ? `${count} bytes` : `${count} bytes (${Number(value.toFixed(2))} ${unit})`;
}
