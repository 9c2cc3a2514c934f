import { DiskferryError } from '../base/errors.ts';

/** `source-busy` with the time that the server asks to wait. */
export class BusyError extends DiskferryError {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, retryAfterMs: number | undefined) {
    super('source-busy', message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** No server gets to stop a copy for longer: it is asked again after this. */
export const RETRY_AFTER_CAP_MS = 60_000;

/**
 * Retry-After (RFC 9110, 10.2.3) in milliseconds from `now`: seconds or a date, between 0 and the cap. Undefined where
 * the header is missing or makes no sense.
 */
export function parseRetryAfter(value: string | undefined, now = Date.now()): number | undefined {
  const text = value?.trim();
  if (text === undefined || text === '') return undefined;
  const wait = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isNaN(wait) ? undefined : Math.min(Math.max(wait, 0), RETRY_AFTER_CAP_MS);
}
