import type { PreflightReport } from '../../preflight/report.ts';
import { verdictOf } from '../../preflight/accepted.ts';
import { PreflightRefusal } from '../problem/preflight-refusal.ts';

/** @throws PreflightRefusal with all checks, also those that pass */
export function requireAcceptable(report: Pick<PreflightReport, 'checks'>, accept: readonly string[]): void {
  const { blocked, unaccepted } = verdictOf(report, accept);
  if (blocked.length > 0) throw new PreflightRefusal('preflight-blocked', report.checks);
  if (unaccepted.length > 0) throw new PreflightRefusal('warnings-not-accepted', report.checks);
}

/** Whether it would be created. */
export function mayBegin(report: Pick<PreflightReport, 'checks'>, accept: readonly string[]): boolean {
  const { blocked, unaccepted } = verdictOf(report, accept);
  return blocked.length === 0 && unaccepted.length === 0;
}
