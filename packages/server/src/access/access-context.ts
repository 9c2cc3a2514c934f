import type { AccessRecords } from './access-records.ts';
import type { Turns } from './turns.ts';

/** What every part of access needs. */
export interface AccessContext {
  readonly records: AccessRecords;
  /** Milliseconds since 1970. */
  clock(): number;
  /** For computing with passwords. */
  readonly turns: Turns;
}
