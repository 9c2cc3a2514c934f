/**
 * The states of a migration, in the order in which it comes through them.
 *
 *     queued ─► checking ─► stopping ─► transferring ─► verifying ─► proving ─► starting ─► succeeded
 *
 * `waiting` and `paused` are left to where they were entered from; `failed` and `cancelled` end it, and a retry begins it
 * again where the disk stands.
 */
export const MIGRATION_STATES = [
  'queued',
  'checking',
  'waiting',
  'stopping',
  'transferring',
  'verifying',
  'proving',
  'starting',
  'paused',
  'succeeded',
  'failed',
  'cancelled',
] as const;
export type MigrationState = (typeof MIGRATION_STATES)[number];

/** What a worker is busy with; also what a migration that waits or is paused goes back to. */
export const STAGES = ['checking', 'stopping', 'transferring', 'verifying', 'proving', 'starting'] as const;
export type Stage = (typeof STAGES)[number];

/** What a migration that is `waiting` waits for. */
export const WAITING_REASONS = ['start-time', 'worker', 'link', 'credentials', 'person'] as const;
export type WaitingReason = (typeof WAITING_REASONS)[number];

/** Nothing happens to it any more unless somebody asks. */
export function isOver(state: MigrationState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}
