import type { Schemas } from '@diskferry/protocol/client';
import { formatSeconds } from '../units.ts';
import { printable } from './table.ts';

const MARKS = { pass: '✓', warn: '!', block: '✗', unknown: '?' } as const;

/** What a preflight found, what stands in the way first. */
export function checksText(checks: readonly Schemas['Check'][], options: { readonly all: boolean }): string {
  const order = ['block', 'warn', 'unknown', 'pass'];
  const shown = checks
    .filter(({ verdict }) => options.all || verdict !== 'pass')
    .toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  return shown.map(checkText).join('');
}

function checkText({ code, verdict, image, title, evidence, remedy }: Schemas['Check']): string {
  const where = image === null ? '' : `image ${image + 1}: `;
  const lines = [`  ${MARKS[verdict]} ${where}${title} [${code}]`, `      ${printable(evidence)}`];
  if (remedy !== null && verdict !== 'pass') lines.push(`      → ${printable(remedy)}`);
  return `${lines.join('\n')}\n`;
}

export function forecastText(forecast: Schemas['Forecast'] | null): string {
  if (forecast === null) return '';
  const { seconds, basis } = forecast;
  return `  about ${formatSeconds(seconds.low)} to ${formatSeconds(seconds.high)} (${printable(basis)})\n`;
}
