import { CATALOGUE, type ErrorCode, type ErrorKind, type Retry } from './catalogue.ts';

export type { ErrorCode, ErrorKind, Retry } from './catalogue.ts';

interface Detail {
  readonly cause?: unknown;
  /** What to do in this very case, where more can be said than the catalogue does. */
  readonly hint?: string | undefined;
  /** Where, in bytes of the file or stream that is read (or of the disk, for a target). */
  readonly offset?: number | undefined;
  /** Overrides the catalogue, where the leaf knows better. */
  readonly retry?: Retry;
}

/**
 * The one error that leaves the engine. `code` is stable, the message names the thing, the value found and the values
 * allowed; it never carries credentials or bytes of an image.
 */
export class DiskferryError extends Error {
  readonly code: ErrorCode;
  readonly retry: Retry;
  readonly hint: string;
  readonly offset: number | undefined;

  constructor(code: ErrorCode, message: string, detail: Detail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'DiskferryError';
    this.code = code;
    this.retry = detail.retry ?? CATALOGUE[code].retry;
    this.hint = detail.hint ?? CATALOGUE[code].remedy;
    this.offset = detail.offset;
  }

  get kind(): ErrorKind {
    return CATALOGUE[this.code].kind;
  }
}

/** Whatever was thrown, as a DiskferryError: an abort becomes `interrupted`, what nobody foresaw `internal`. */
export function asDiskferryError(thrown: unknown): DiskferryError {
  if (thrown instanceof DiskferryError) return thrown;
  if (isAbort(thrown)) return new DiskferryError('interrupted', 'interrupted', { cause: thrown });
  const message = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  return new DiskferryError('internal', message, { cause: thrown });
}

export function isAbort(thrown: unknown): boolean {
  return (
    thrown instanceof Error && (thrown.name === 'AbortError' || (thrown as { code?: string }).code === 'ABORT_ERR')
  );
}

/** The `code` of a Node system error (ENOENT, EIO …), or undefined. */
export function systemCode(thrown: unknown): string | undefined {
  const code = thrown instanceof Error ? (thrown as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}
