import type { Check } from '@diskferry/protocol';
import { ServiceError } from '../../base/errors.ts';

/** A migration that is not created, with all that was found. */
export class PreflightRefusal extends ServiceError {
  readonly checks: readonly Check[];

  constructor(code: 'preflight-blocked' | 'warnings-not-accepted', checks: readonly Check[]) {
    const verdict = code === 'preflight-blocked' ? 'block' : 'warn';
    const named = checks.filter((check) => check.verdict === verdict).map((check) => check.code);
    super(code, [...new Set(named)].join(', '));
    this.checks = checks;
  }
}
