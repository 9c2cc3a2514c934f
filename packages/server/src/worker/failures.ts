import { DiskferryError } from '@diskferry/engine';
import { ServiceError } from '../base/errors.ts';
import type { WorkerEvent } from '../migrations/event.ts';
import { ProviderError } from '../providers/provider-error.ts';

/** What an error in a stage comes to. */
export type Remedy =
  /** It is tried again inside the stage; `forEver`: it goes on by itself once the cause is gone. */
  | { readonly kind: 'again'; readonly forEver: boolean }
  | { readonly kind: 'wait'; readonly for: 'link' | 'credentials' | 'person' }
  /** `mayGoOn`: what is on the disk is good as far as it goes. */
  | { readonly kind: 'fail'; readonly mayGoOn: boolean };

export interface Failure {
  readonly code: string;
  /** For people; never a secret in it. */
  readonly message: string;
  readonly hint: string;
  readonly remedy: Remedy;
}

/** What a check found to stand in the way. */
export class Obstacle extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.message);
    this.name = 'Obstacle';
    this.failure = failure;
  }
}

/** It was tried for as long as patience lasts, and a person has to be asked. */
export class PatienceLost extends Error {
  readonly failure: Failure;

  constructor(failure: Failure, cause: unknown) {
    super(failure.message, { cause });
    this.name = 'PatienceLost';
    this.failure = { ...failure, remedy: PERSON };
  }
}

const LINK: Remedy = { kind: 'wait', for: 'link' };
const CREDENTIALS: Remedy = { kind: 'wait', for: 'credentials' };
const PERSON: Remedy = { kind: 'wait', for: 'person' };
const START_OVER: Remedy = { kind: 'fail', mayGoOn: false };
const GO_ON: Remedy = { kind: 'fail', mayGoOn: true };
const AGAIN: Remedy = { kind: 'again', forEver: false };
const FOR_EVER: Remedy = { kind: 'again', forEver: true };

/** Where the code decides. Of all others it is decided by whether trying again can help. */
const BY_CODE: Readonly<Record<string, Remedy>> = {
  'source-expired': LINK,
  'source-not-found': LINK,
  'source-not-allowed': LINK,
  'source-address': LINK,
  'source-denied': CREDENTIALS,
  'secret-unreadable': CREDENTIALS,
  'source-changed': START_OVER,
  'source-checksum': START_OVER,
  'target-full': FOR_EVER,
  'store-unavailable': FOR_EVER,
  'target-differs': START_OVER,
  // A volume that is held cannot grow: somebody must be able to do that, and then try again.
  'target-too-small': START_OVER,
  'checkpoint-foreign': START_OVER,
  'checkpoint-damaged': START_OVER,
  'checkpoint-lost': START_OVER,
  'disk-changed': START_OVER,
  'resource-locked': PERSON,
};

export function failureOf(error: unknown): Failure {
  if (error instanceof Obstacle || error instanceof PatienceLost) return error.failure;
  if (error instanceof DiskferryError || error instanceof ProviderError) {
    const { code, message, retry } = error;
    const remedy = isFull(error) ? FOR_EVER : (BY_CODE[code] ?? (retry === 'never' ? GO_ON : AGAIN));
    const hint = error instanceof DiskferryError ? (hintFor(remedy) ?? error.hint) : error.hint;
    return { code, message, hint, remedy };
  }
  if (error instanceof ServiceError) {
    const { code, message, remedy: hint } = error;
    return { code, message, hint, remedy: BY_CODE[code] ?? GO_ON };
  }
  if (isFull(error)) {
    const message = 'the disk with the data of the worker is full';
    return { code: 'target-full', message, hint: 'Make space: it goes on by itself.', remedy: FOR_EVER };
  }
  const message = 'a fault of Diskferry; the log of the worker says more';
  return { code: 'internal-error', message, hint: 'Report it with that log.', remedy: GO_ON };
}

/** The engine speaks to who runs a command; here somebody looks at a migration. */
function hintFor(remedy: Remedy): string | undefined {
  if (remedy.kind === 'again')
    return 'Look at the cause that the message names, then resume: it goes on where it stood.';
  if (remedy.kind === 'fail') return undefined;
  if (remedy.for === 'person') return undefined;
  return 'Replace the link, with credentials where it needs some: it goes on if the object is the same.';
}

/** The event for an error that is not tried again (any more). */
export function eventOf(failure: Failure, held: { readonly goesOn: boolean }): WorkerEvent {
  const { code, message, hint, remedy } = failure;
  if (remedy.kind === 'fail') return { kind: 'failed', code, message, goesOn: remedy.mayGoOn && held.goesOn };
  const waitsFor = remedy.kind === 'wait' ? remedy.for : 'worker';
  return { kind: 'wait-began', for: waitsFor, detail: sentence(code, message, hint), code };
}

/** `code: what was found. What to do.` */
export function sentence(code: string, message: string, remedy: string | null): string {
  const found = `${code}: ${/[.!?]$/.test(message) ? message : `${message}.`}`;
  return remedy === null ? found : `${found} ${remedy}`;
}

const FULL: readonly unknown[] = ['ENOSPC', 'EDQUOT'];
const DEEPEST_CAUSE = 5;

function isFull(error: unknown): boolean {
  let thrown = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && thrown instanceof Error; depth++, thrown = thrown.cause) {
    if (FULL.includes((thrown as { code?: unknown }).code)) return true;
  }
  return false;
}
