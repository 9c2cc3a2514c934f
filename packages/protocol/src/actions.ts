import type { StandingName } from './standing.ts';

/** What a person may ask of a migration, by the words of the API, the command and the console. */
export const MIGRATION_ACTIONS = ['pause', 'resume', 'cancel', 'retry', 'replace-link', 'change-bandwidth'] as const;
export type MigrationAction = (typeof MIGRATION_ACTIONS)[number];

/** Why an action is not allowed. A code is stable: never renamed. */
export const REFUSALS = {
  'already-paused': 'The migration is paused already.',
  'not-paused': 'The migration is not paused and waits for nobody.',
  'waits-for-its-time': 'The migration waits for its start time and goes on by itself.',
  'waits-for-a-worker': 'The migration goes on by itself as soon as a worker is free.',
  'needs-a-link': 'The migration needs a new link before it can go on: replace the link.',
  'needs-credentials': 'The migration needs a new link or new credentials before it can go on: replace the link.',
  'instance-is-stopping': 'The instance is being stopped, which is not broken off. Ask again in a moment.',
  'instance-is-starting': 'The disk is done and the instance is being started, which is not broken off.',
  'not-over': 'The migration has not failed and was not cancelled: there is nothing to try again.',
  'link-in-use': 'The link is being read. Pause the migration first, then replace the link.',
  'nothing-left-to-copy': 'Everything is copied and checked: nothing is read from the source any more.',
  'already-succeeded': 'The migration has succeeded. Create a new one to land the image again.',
  'already-failed': 'The migration has failed. Try it again first.',
  'already-cancelled': 'The migration was cancelled. Try it again first.',
} as const;
export type RefusalCode = keyof typeof REFUSALS;

const yes = 'allowed';
type Row = Readonly<Record<StandingName, typeof yes | RefusalCode>>;

const OVER = {
  succeeded: 'already-succeeded',
  failed: 'already-failed',
  cancelled: 'already-cancelled',
} as const;

const WAITING = {
  'waiting:start-time': yes,
  'waiting:worker': yes,
  'waiting:link': yes,
  'waiting:credentials': yes,
  'waiting:person': yes,
} as const;

/** The one table: for each action and standing `allowed`, or why not. A missing cell does not compile. */
export const ACTIONS: Readonly<Record<MigrationAction, Row>> = {
  pause: {
    queued: yes,
    checking: yes,
    ...WAITING,
    stopping: 'instance-is-stopping',
    transferring: yes,
    verifying: yes,
    proving: yes,
    starting: 'instance-is-starting',
    paused: 'already-paused',
    ...OVER,
  },
  resume: {
    queued: 'not-paused',
    checking: 'not-paused',
    'waiting:start-time': 'waits-for-its-time',
    'waiting:worker': 'waits-for-a-worker',
    'waiting:link': 'needs-a-link',
    'waiting:credentials': 'needs-credentials',
    'waiting:person': yes,
    stopping: 'not-paused',
    transferring: 'not-paused',
    verifying: 'not-paused',
    proving: 'not-paused',
    starting: 'not-paused',
    paused: yes,
    ...OVER,
  },
  cancel: {
    queued: yes,
    checking: yes,
    ...WAITING,
    stopping: 'instance-is-stopping',
    transferring: yes,
    verifying: yes,
    proving: yes,
    starting: 'instance-is-starting',
    paused: yes,
    ...OVER,
  },
  retry: {
    queued: 'not-over',
    checking: 'not-over',
    'waiting:start-time': 'not-over',
    'waiting:worker': 'not-over',
    'waiting:link': 'not-over',
    'waiting:credentials': 'not-over',
    'waiting:person': 'not-over',
    stopping: 'not-over',
    transferring: 'not-over',
    verifying: 'not-over',
    proving: 'not-over',
    starting: 'not-over',
    paused: 'not-over',
    succeeded: 'already-succeeded',
    failed: yes,
    cancelled: yes,
  },
  'replace-link': {
    queued: yes,
    checking: 'link-in-use',
    ...WAITING,
    stopping: 'link-in-use',
    transferring: 'link-in-use',
    verifying: 'link-in-use',
    proving: 'nothing-left-to-copy',
    starting: 'nothing-left-to-copy',
    paused: yes,
    ...OVER,
  },
  'change-bandwidth': {
    queued: yes,
    checking: yes,
    ...WAITING,
    stopping: yes,
    transferring: yes,
    verifying: yes,
    proving: 'nothing-left-to-copy',
    starting: 'nothing-left-to-copy',
    paused: yes,
    ...OVER,
  },
};

export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly code: RefusalCode; readonly reason: string };

/** Whether `action` is allowed where the migration stands, or the reason why not. */
export function verdictOn(action: MigrationAction, standing: StandingName): Verdict {
  const cell = ACTIONS[action][standing];
  return cell === yes ? { allowed: true } : { allowed: false, code: cell, reason: REFUSALS[cell] };
}
