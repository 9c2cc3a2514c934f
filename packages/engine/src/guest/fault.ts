import { asDiskferryError, isAbort } from '../base/errors.ts';
import { shown } from './text.ts';

/** Why something inside a disk could not be read. It never leaves `inspectGuest`: there it becomes an unknown. */
export type FaultKind = 'damaged' | 'unsupported' | 'limit';

export class GuestFault extends Error {
  readonly kind: FaultKind;

  constructor(kind: FaultKind, message: string) {
    super(message);
    this.name = 'GuestFault';
    this.kind = kind;
  }
}

export function damaged(message: string): GuestFault {
  return new GuestFault('damaged', message);
}

export function unsupported(message: string): GuestFault {
  return new GuestFault('unsupported', message);
}

export function overLimit(message: string): GuestFault {
  return new GuestFault('limit', message);
}

/** One sentence for people about whatever was thrown while a disk was looked at. An abort is thrown on. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof GuestFault) return shown(thrown.message, 300);
  if (isAbort(thrown)) throw thrown;
  const error = asDiskferryError(thrown);
  if (error.code === 'interrupted') throw error;
  // `internal` would be a fault of ours: it costs an unknown, not the migration. The fuzzers demand that there is none.
  return `could not be read: ${shown(error.message, 300)}`;
}
