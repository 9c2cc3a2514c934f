import { standingName, verdictOn, type MigrationAction, type WaitingReason } from '@diskferry/protocol';
import { ServiceError } from '../base/errors.ts';
import { requirePrintable } from '../base/printable.ts';
import { withoutProof } from './boot-proof.ts';
import type { UserEvent } from './event.ts';
import { imageAt, mayGoOn, withImage } from './images.ts';
import type { MigratedImage, Migration, Standing } from './migration.ts';
import { isStage } from './stages.ts';

const ACTION_OF: Readonly<Record<UserEvent['kind'], MigrationAction>> = {
  'pause-asked': 'pause',
  'resume-asked': 'resume',
  'cancel-asked': 'cancel',
  'retry-asked': 'retry',
  'link-replaced': 'replace-link',
  'bandwidth-changed': 'change-bandwidth',
};

export function advanceByUser(migration: Migration, event: UserEvent): Migration {
  requireAllowed(migration, ACTION_OF[event.kind]);
  switch (event.kind) {
    case 'pause-asked':
      return pause(migration);
    case 'resume-asked':
      return resume(accepting(migration, event.accept ?? []));
    case 'cancel-asked':
      return cancel(migration);
    case 'retry-asked':
      return retry(migration);
    case 'link-replaced':
      return replaceLink(migration, event);
    case 'bandwidth-changed':
      requireBandwidth(event.bandwidth);
      return { ...migration, options: { ...migration.options, bandwidth: event.bandwidth } };
  }
}

/** @throws ServiceError `action-refused` with the reason */
export function requireAllowed({ id, standing }: Migration, action: MigrationAction): void {
  const waitingFor = standing.state === 'waiting' ? standing.for : null;
  const verdict = verdictOn(action, standingName(standing.state, waitingFor));
  if (verdict.allowed) return;
  throw new ServiceError('action-refused', `${action} of ${id}: ${verdict.reason}`, { refusal: verdict.code });
}

/** A worker that is busy confirms it when it has stopped writing. Who asked to cancel is not outdone by a pause. */
function pause(migration: Migration): Migration {
  const { standing, asked } = migration;
  if (isStage(standing.state)) return { ...migration, asked: asked ?? 'pause' };
  if (standing.state !== 'waiting') return withStanding(migration, pausedFor('worker', 'checking'));
  return withStanding(migration, pausedFor(standing.for, standing.returnsTo));
}

function pausedFor(resumesTo: WaitingReason, returnsTo: (Standing & { state: 'paused' })['returnsTo']): Standing {
  return { state: 'paused', resumesTo, returnsTo };
}

function resume(migration: Migration): Migration {
  const { standing } = migration;
  if (standing.state !== 'waiting' && standing.state !== 'paused') return migration;
  const reason = standing.state === 'paused' ? standing.resumesTo : 'worker';
  return withStanding(migration, { state: 'waiting', for: reason, detail: null, returnsTo: standing.returnsTo });
}

function accepting(migration: Migration, codes: readonly string[]): Migration {
  for (const code of codes) requirePrintable('accept', code);
  const accept = [...new Set([...migration.options.accept, ...codes])];
  return { ...migration, options: { ...migration.options, accept } };
}

function cancel(migration: Migration): Migration {
  if (isStage(migration.standing.state)) return { ...migration, asked: 'cancel' };
  const goesOn = mayGoOn(migration);
  return { ...withStanding(migration, { state: 'cancelled', goesOn }), locks: [] };
}

function retry(migration: Migration): Migration {
  const { standing, images } = migration;
  const goesOn = 'goesOn' in standing && standing.goesOn;
  return {
    ...withStanding(withoutProof(migration), { state: 'queued' }),
    images: goesOn ? images : images.map(fromTheStart),
  };
}

/** Nothing of the image counts as written any more; that the old content is gone stays true. */
function fromTheStart(image: MigratedImage): MigratedImage {
  const { content } = image;
  const left = content.kind === 'untouched' ? content : ({ kind: 'partly', bytes: 0, of: content.of } as const);
  return { ...image, identity: null, size: null, content: left };
}

/** The new link is checked before anything is read through it: whether it is still the same object. */
function replaceLink(migration: Migration, event: UserEvent & { kind: 'link-replaced' }): Migration {
  requirePrintable('link', event.link);
  const image = imageAt(migration, event.image);
  const source = { ...image.source, link: event.link, credentials: event.credentials };
  const replaced = withImage(migration, event.image, { ...image, source });
  const { standing } = migration;
  if (standing.state === 'waiting') {
    const wait: Standing = isForLink(standing.for)
      ? { state: 'waiting', for: 'worker', detail: null, returnsTo: 'checking' }
      : standing;
    return withStanding(replaced, { ...wait, returnsTo: 'checking' });
  }
  if (standing.state === 'paused') {
    const resumesTo = isForLink(standing.resumesTo) ? 'worker' : standing.resumesTo;
    return withStanding(replaced, { ...standing, resumesTo, returnsTo: 'checking' });
  }
  return replaced;
}

function isForLink(reason: WaitingReason): boolean {
  return reason === 'link' || reason === 'credentials';
}

function withStanding(migration: Migration, standing: Standing): Migration {
  return { ...migration, standing };
}

function requireBandwidth(bandwidth: number | null): void {
  if (bandwidth === null || (Number.isSafeInteger(bandwidth) && bandwidth > 0)) return;
  throw new ServiceError('invalid-request', `bandwidth is ${bandwidth}; bytes a second above 0, or null, are allowed`);
}
