/** What travels between the service and those who use it. Safe in a browser: imports nothing of Node. */
export {
  isOver,
  MIGRATION_STATES,
  WAITING_REASONS,
  type MigrationState,
  type WaitingReason,
} from './migration-state.ts';
