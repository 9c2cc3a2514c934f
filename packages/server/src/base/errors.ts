import type { RefusalCode } from '@diskferry/protocol';
import { SERVICE_CATALOGUE, type ServiceErrorCode } from './catalogue.ts';

export type { ServiceErrorCode } from './catalogue.ts';

interface Detail {
  readonly refusal?: RefusalCode;
  /** Who holds the lock. */
  readonly holder?: string;
  /** The part of the request that is wrong, as a JSON pointer. */
  readonly at?: string;
  /** Milliseconds after which another try makes sense. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** The one error of the service. The message names the thing, what was found and what is allowed. */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;
  readonly refusal: RefusalCode | undefined;
  readonly holder: string | undefined;
  readonly at: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ServiceErrorCode, message: string, detail: Detail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'ServiceError';
    this.code = code;
    this.refusal = detail.refusal;
    this.holder = detail.holder;
    this.at = detail.at;
    this.retryAfterMs = detail.retryAfterMs;
  }

  /** What the person can do. */
  get remedy(): string {
    return SERVICE_CATALOGUE[this.code].remedy;
  }
}
