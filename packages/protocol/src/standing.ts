import type { MigrationState, WaitingReason } from './migration-state.ts';

/** A state, and while waiting also what for: what may be done differs by it. */
export type StandingName = Exclude<MigrationState, 'waiting'> | `waiting:${WaitingReason}`;

/** `waitingFor` is told with `waiting` and with no other state. */
export function standingName(state: Exclude<MigrationState, 'waiting'>): StandingName;
export function standingName(state: MigrationState, waitingFor: WaitingReason | null): StandingName;
export function standingName(state: MigrationState, waitingFor: WaitingReason | null = null): StandingName {
  if (state !== 'waiting') return state;
  if (waitingFor === null) throw new TypeError('a migration that waits says what for');
  return `waiting:${waitingFor}`;
}
