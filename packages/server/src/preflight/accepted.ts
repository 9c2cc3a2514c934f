import { type Check, mayBeAccepted } from '@diskferry/protocol';
import type { PreflightReport } from './report.ts';

/** What of a report forbids the migration: what blocks, and what warns and was not accepted by its code. */
export function verdictOf(
  { checks }: Pick<PreflightReport, 'checks'>,
  accept: readonly string[],
): { readonly blocked: Check[]; readonly unaccepted: Check[] } {
  const open = checks.filter((check) => !(mayBeAccepted(check) && isAccepted(check, accept)));
  return {
    blocked: open.filter(({ verdict }) => verdict === 'block'),
    unaccepted: open.filter(({ verdict }) => verdict === 'warn'),
  };
}

export function isAccepted({ code }: Pick<Check, 'code'>, accept: readonly string[]): boolean {
  return accept.includes(code);
}
