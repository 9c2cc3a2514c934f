import type { Retry } from '@diskferry/engine';
import { PROVIDER_CATALOGUE, type ProviderCode } from './catalogue.ts';

/** The error of providers. `code` is stable; the message names the thing, the value found and the values allowed. */
export class ProviderError extends Error {
  readonly code: ProviderCode;
  readonly retry: Retry;
  readonly hint: string;

  constructor(code: ProviderCode, message: string, detail: { readonly cause?: unknown; readonly hint?: string } = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'ProviderError';
    this.code = code;
    this.retry = PROVIDER_CATALOGUE[code].retry;
    this.hint = detail.hint ?? PROVIDER_CATALOGUE[code].remedy;
  }
}
