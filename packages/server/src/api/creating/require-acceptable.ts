import type { Check } from '@diskferry/protocol';
import { PreflightRefusal } from '../problem/preflight-refusal.ts';

/** @throws PreflightRefusal with all checks, also those that pass */
export function requireAcceptable(checks: readonly Check[], accept: readonly string[]): void {
  if (checks.some(({ verdict }) => verdict === 'block')) throw new PreflightRefusal('preflight-blocked', checks);
  if (openWarnings(checks, accept).length > 0) throw new PreflightRefusal('warnings-not-accepted', checks);
}

export function mayBegin(checks: readonly Check[], accept: readonly string[]): boolean {
  return checks.every(({ verdict }) => verdict !== 'block') && openWarnings(checks, accept).length === 0;
}

function openWarnings(checks: readonly Check[], accept: readonly string[]): readonly Check[] {
  return checks.filter(({ verdict, code }) => verdict === 'warn' && !accept.includes(code));
}
