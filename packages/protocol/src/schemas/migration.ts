import { Type, type Static } from 'typebox';
import { MIGRATION_ACTIONS } from '../actions.ts';
import { BOOT_REACHED, PROOF_VERDICTS, PROVE_BOOT } from '../boot-proof.ts';
import { BOTTLENECKS, MAP_STATES, REMAINING_BASES } from '../live-progress.ts';
import { MIGRATION_STATES, STAGES, WAITING_REASONS } from '../migration-state.ts';
import { CheckView, ForecastView } from './check.ts';
import { answered, asked, CURSOR, LIMIT, listOf, nullable, oneOf, pageOf, text, whole } from './shapes.ts';

const Bytes = Type.Integer({ minimum: 0 });
const Time = Type.Integer();

const ContentView = answered('DiskContent', {
  kind: oneOf(['untouched', 'partly', 'complete']),
  bytes: Bytes,
  of: nullable(Bytes),
  share: Type.Number(),
  verified: Type.Boolean(),
  /** One sentence, in the language that was asked for. */
  words: Type.String(),
});

const ImageView = answered('MigratedImage', {
  source: answered('MigratedSource', {
    link: Type.String(),
    hasCredentials: Type.Boolean(),
    checksum: nullable(Type.String()),
    format: nullable(Type.String()),
    member: nullable(Type.String()),
    region: nullable(Type.String()),
    endpoint: nullable(Type.String()),
    pathStyle: Type.Boolean(),
  }),
  target: answered('MigrationTarget', { volume: Type.String(), instance: nullable(Type.String()) }),
  identity: nullable(Type.String()),
  size: nullable(Bytes),
  content: ContentView,
});

const OptionsView = answered('MigrationOptions', {
  runningInstance: oneOf(['refuse', 'stop', 'force']),
  startAfterwards: Type.Boolean(),
  verify: oneOf(['none', 'written', 'full']),
  bandwidth: nullable(Type.Integer()),
  notBefore: nullable(Time),
  priority: Type.Integer(),
  proveBoot: oneOf(PROVE_BOOT),
  labels: Type.Array(Type.String()),
  accept: Type.Array(Type.String()),
});

const ActionView = answered('ActionVerdict', {
  action: oneOf(MIGRATION_ACTIONS),
  allowed: Type.Boolean(),
  /** Why not, by a stable code and in words. */
  code: nullable(Type.String()),
  reason: nullable(Type.String()),
});

const FailureView = answered('Failure', {
  code: Type.String(),
  title: Type.String(),
  message: Type.String(),
  remedy: Type.String(),
});

const BootProofView = answered('BootProof', {
  verdict: oneOf(PROOF_VERDICTS),
  reached: oneOf(BOOT_REACHED),
  evidence: Type.Array(Type.String()),
  seconds: Type.Integer(),
  accelerator: Type.String(),
  /** Whether there is a picture of the screen. */
  screenshot: Type.Boolean(),
});

export const MigrationView = answered('Migration', {
  id: Type.String(),
  name: Type.String(),
  kind: oneOf(['instance', 'data']),
  /** Also its ETag: send it as If-Match to act on nothing newer. */
  version: Type.Integer(),
  createdAt: Time,
  createdBy: Type.String(),
  state: oneOf(MIGRATION_STATES),
  /** While it waits: what for, and a sentence where there is more to say. */
  waitsFor: nullable(oneOf(WAITING_REASONS)),
  waitDetail: nullable(Type.String()),
  /** Of what it met, stable; null where nothing is in the way, and where that is not known. */
  waitCode: nullable(Type.String()),
  failure: nullable(FailureView),
  /** Of one that is over: whether a retry goes on from what the disks hold. */
  retryGoesOn: nullable(Type.Boolean()),
  /** What a person asked for and the worker has not confirmed yet. */
  asked: nullable(oneOf(['pause', 'cancel'])),
  worker: nullable(Type.String()),
  locks: Type.Array(Type.String()),
  images: Type.Array(ImageView),
  options: OptionsView,
  progress: answered('ProgressSummary', { done: Bytes, total: nullable(Bytes), share: Type.Number() }),
  actions: Type.Array(ActionView),
  /** What was found before a byte was written: by the worker, and until then when it was created. */
  checks: Type.Array(CheckView),
  /** What starting a copy of the disks has shown; null before that, and where it was not asked for. */
  bootProof: nullable(BootProofView),
  /** As it was when it was created. */
  forecast: nullable(ForecastView),
});
export type MigrationView = Static<typeof MigrationView>;

export const MigrationPage = pageOf('MigrationPage', MigrationView);

/** States and kinds may be given several times. */
export const MigrationQuery = asked('MigrationQuery', {
  state: Type.Optional(Type.Array(oneOf(MIGRATION_STATES), { maxItems: MIGRATION_STATES.length })),
  kind: Type.Optional(Type.Array(oneOf(['instance', 'data']), { maxItems: 2 })),
  text: Type.Optional(text(200)),
  /** `volume:ID` or `instance:ID`. */
  resource: Type.Optional(Type.String({ pattern: '^(volume|instance):[^\\u0000-\\u001f\\u007f]+$', maxLength: 220 })),
  cursor: CURSOR,
  limit: LIMIT,
});

export const EventView = answered('MigrationEvent', {
  version: Type.Integer(),
  at: Time,
  kind: Type.String(),
  /** Who asked; null where a worker tells. */
  by: nullable(Type.String()),
  /** What else the event says. */
  detail: Type.Record(Type.String(), Type.Unknown()),
});
export type EventView = Static<typeof EventView>;

export const EventList = answered('MigrationEventList', { items: Type.Array(EventView) });
export const EventQuery = asked('EventQuery', { afterVersion: Type.Optional(whole(0)) });

const ImageProgressView = answered('ImageProgress', {
  read: Bytes,
  readOf: nullable(Bytes),
  decoded: Bytes,
  written: Bytes,
  verified: Bytes,
  landed: Bytes,
  of: nullable(Bytes),
});

const DiskMapView = answered('DiskMap', {
  cells: Type.Integer({ minimum: 0, maximum: 1024 }),
  /** Pairs: a state, as its place in `MAP_STATES`, and how many cells next to each other are in it. */
  runs: Type.Array(Type.Array(Type.Integer({ minimum: 0 }), { minItems: 2, maxItems: 2 }), {
    maxItems: 1024,
    description: `[state, cells], where state counts ${MAP_STATES.join(', ')} from 0`,
  }),
});

/** Of each disk that a worker has looked at: as it was then, also where nobody works on it any more. */
export const DiskMapList = listOf('DiskMapList', answered('KeptDiskMap', { image: whole(), map: DiskMapView }));

export const LiveView = answered('LiveProgress', {
  at: Time,
  stage: oneOf(STAGES),
  image: nullable(Type.Integer()),
  images: Type.Array(ImageProgressView),
  speed: Type.Object({ read: Type.Number(), landed: Type.Number() }, { additionalProperties: false }),
  remaining: nullable(
    Type.Object(
      { low: Type.Number(), high: Type.Number(), basis: oneOf(REMAINING_BASES) },
      { additionalProperties: false },
    ),
  ),
  bottleneck: nullable(oneOf(BOTTLENECKS)),
  stall: nullable(
    answered('Stall', {
      code: Type.String(),
      message: Type.String(),
      since: Time,
      nextTryAt: nullable(Time),
    }),
  ),
  map: nullable(DiskMapView),
});
export type LiveView = Static<typeof LiveView>;
