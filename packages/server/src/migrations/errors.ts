import type { RefusalCode } from '@diskferry/protocol';

/** What goes wrong with migrations and their store. A code is stable: never renamed. */
export const SERVICE_ERRORS = {
  'invalid-request': 'The migration cannot be what was asked for.',
  'illegal-transition': 'The event does not fit where the migration stands. Nothing was changed.',
  'action-refused': 'The action is not allowed where the migration stands; `refusal` says why.',
  'not-found': 'There is no such migration.',
  'idempotency-conflict': 'The idempotency key was used with another request.',
  'version-conflict': 'Somebody else changed the migration: read it again.',
  'stale-fence': 'The lease was lost and the migration belongs to another worker: stop writing.',
  'resource-locked': 'Another migration holds a lock on the instance or the volume.',
  'invalid-cursor': 'The cursor was not made by this list.',
  'newer-schema': 'The database was written by a newer version of Diskferry.',
} as const;
export type ServiceErrorCode = keyof typeof SERVICE_ERRORS;

interface Detail {
  readonly refusal?: RefusalCode;
  /** Who holds the lock. */
  readonly holder?: string;
  readonly cause?: unknown;
}

/** The one error of migrations and stores. The message names the thing, what was found and what is allowed. */
export class ServiceError extends Error {
  readonly code: ServiceErrorCode;
  readonly refusal: RefusalCode | undefined;
  readonly holder: string | undefined;

  constructor(code: ServiceErrorCode, message: string, detail: Detail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause });
    this.name = 'ServiceError';
    this.code = code;
    this.refusal = detail.refusal;
    this.holder = detail.holder;
  }
}
