import type { Check } from '@diskferry/protocol';
import type { PreflightReport } from './report.ts';

/**
 * That a system will not start is a prediction: who knows better accepts it by its code, and its disks are written. What
 * blocks for another reason cannot be done, and is never accepted.
 */
function isPrediction({ code }: Pick<Check, 'code'>): boolean {
  return code.startsWith('guest-');
}

/** What of a report forbids the migration: what blocks, and what warns and was not accepted by its code. */
export function verdictOf(
  { checks }: Pick<PreflightReport, 'checks'>,
  accept: readonly string[],
): { readonly blocked: Check[]; readonly unaccepted: Check[] } {
  return {
    blocked: checks.filter((check) => {
      return check.verdict === 'block' && !(isPrediction(check) && isAccepted(check, accept));
    }),
    unaccepted: checks.filter((check) => check.verdict === 'warn' && !isAccepted(check, accept)),
  };
}

export function isAccepted({ code }: Pick<Check, 'code'>, accept: readonly string[]): boolean {
  return accept.includes(code);
}
