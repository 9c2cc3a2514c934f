/** What travels between the service and those who use it. Safe in a browser: imports nothing of Node. */
export { canonicalJson } from './canonical-json.ts';
export { CONSOLE_PLACES, type ConsolePlace } from './console-places.ts';
export { ACTIONS, MIGRATION_ACTIONS, REFUSALS, verdictOn } from './actions.ts';
export type { MigrationAction, RefusalCode, Verdict } from './actions.ts';
export { BOOT_REACHED, PROOF_OBSTACLES, PROOF_VERDICTS, PROVE_BOOT } from './boot-proof.ts';
export type { BootProof, BootReached, ProofObstacle, ProofVerdict, ProveBoot } from './boot-proof.ts';
export { PROVIDER_FEATURES, type ProviderFeature } from './provider-features.ts';
export { describeContent, shareOf, type DiskContent } from './disk-content.ts';
export { LOG_LEVELS, type LogLevel, type LogLine } from './log-line.ts';
export { GUEST_NATURES, insideOf } from './guest-summary.ts';
export type { GuestNature, GuestSummary, GuestSystem, GuestVolume } from './guest-summary.ts';
export { isOver, MIGRATION_STATES, STAGES, WAITING_REASONS } from './migration-state.ts';
export type { MigrationState, Stage, WaitingReason } from './migration-state.ts';
export { standingName, type StandingName } from './standing.ts';
export { BOTTLENECKS, MAP_STATES, REMAINING_BASES, shareOfView } from './live-progress.ts';
export type {
  Bottleneck,
  DiskMapView,
  ImageProgress,
  LiveProgress,
  MapState,
  RemainingBasis,
} from './live-progress.ts';
export { mayBeAccepted, VERDICTS } from './preflight.ts';
export type { Check, CheckVerdict, Forecast, ForecastBasis } from './preflight.ts';
export { ACTION_ROLES, isAtLeast, lesserRole, may, ROLES } from './roles.ts';
export type { AccessAction, Role } from './roles.ts';
/** What the API takes and answers: types alone, their schemas are `@diskferry/protocol/schemas`. */
export type {
  CheckView,
  EventView,
  ForecastView,
  InstanceView,
  LiveView,
  MigrationInput,
  MigrationView,
  PreflightInput,
  PreflightView,
  Problem,
  ReplaceLinkInput,
  SeenImageView,
  SourceInput,
  TokenView,
  UserView,
  VersionedSettings,
  VolumeView,
  WhoView,
} from './schemas/index.ts';
