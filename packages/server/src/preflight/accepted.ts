import type { Check } from '@diskferry/protocol';
import type { PreflightReport } from './report.ts';

/** What of a report forbids the migration: what blocks, and what warns and was not accepted by its code. */
export function verdictOf(
  { checks }: Pick<PreflightReport, 'checks'>,
  accept: readonly string[],
): { readonly blocked: Check[]; readonly unaccepted: Check[] } {
  return {
    blocked: checks.filter(({ verdict }) => verdict === 'block'),
    unaccepted: checks.filter((check) => check.verdict === 'warn' && !isAccepted(check, accept)),
  };
}

export function isAccepted({ code }: Pick<Check, 'code'>, accept: readonly string[]): boolean {
  return accept.includes(code);
}
