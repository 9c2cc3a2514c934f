import type { Stage, WaitingReason } from '@diskferry/protocol';
import { check } from './advance-check.ts';
import { advanceContent } from './advance-content.ts';
import { ServiceError } from '../base/errors.ts';
import type { WorkerEvent } from './event.ts';
import { mayGoOn } from './images.ts';
import type { Migration, Standing } from './migration.ts';
import { bootFailed, withoutProof, withProof } from './boot-proof.ts';
import { isRunnable, isStage, resourcesOf, stageAfter } from './stages.ts';

/** Stages that can be left in their middle because somebody asked. */
const BREAKABLE: readonly string[] = ['checking', 'transferring', 'verifying', 'proving'];

/** The stage in which an event is at home; the others may come in several. */
const STAGE_OF = {
  locked: 'checking',
  checked: 'checking',
  stopped: 'stopping',
  'write-began': 'transferring',
  progressed: 'transferring',
  landed: 'transferring',
  transferred: 'transferring',
  verified: 'verifying',
  proved: 'proving',
  started: 'starting',
} as const satisfies Partial<Record<WorkerEvent['kind'], Stage>>;

export function advanceByWorker(migration: Migration, event: WorkerEvent): Migration {
  const { state } = migration.standing;
  const stage = Object.hasOwn(STAGE_OF, event.kind) ? STAGE_OF[event.kind as keyof typeof STAGE_OF] : undefined;
  if (stage !== undefined && state !== stage) throw illegal(migration, event.kind);
  switch (event.kind) {
    case 'taken':
      return take(migration, event.worker);
    case 'locked':
      if (migration.locks.length > 0) throw illegal(migration, 'locked', 'its locks are held already');
      return { ...migration, locks: resourcesOf(migration) };
    case 'checked':
      return enter(check(migration, event), stageAfter(migration, 'checking', event.instanceRuns));
    case 'stopped':
    case 'started':
      return enter(migration, stageAfter(migration, STAGE_OF[event.kind]));
    case 'write-began':
    case 'progressed':
    case 'landed':
      return advanceContent(migration, event);
    case 'transferred':
      requireAllLanded(migration);
      return enter(withoutProof(migration), stageAfter(migration, 'transferring'));
    case 'verified':
      return enter(markVerified(migration), stageAfter(migration, 'verifying'));
    case 'proved':
      return prove(withProof(migration, event.proof));
    default:
      return leaveStage(migration, event);
  }
}

function take(migration: Migration, worker: string): Migration {
  const { standing } = migration;
  if (!isRunnable(standing)) throw illegal(migration, 'taken');
  if (isStage(standing.state)) return { ...migration, worker };
  const stage = standing.state === 'waiting' ? standing.returnsTo : 'checking';
  return { ...migration, worker, standing: { state: stage } };
}

function leaveStage(
  migration: Migration,
  event: WorkerEvent & { kind: 'wait-began' | 'paused' | 'cancelled' | 'failed' },
): Migration {
  const { state } = migration.standing;
  if (!isStage(state)) throw illegal(migration, event.kind);
  if (event.kind === 'wait-began') return wait(migration, state, event);
  if (event.kind === 'failed') {
    const { code, message, goesOn } = event;
    return left(migration, { state: 'failed', code, message, goesOn }, []);
  }
  if (!BREAKABLE.includes(state)) throw illegal(migration, event.kind);
  const asked = event.kind === 'paused' ? 'pause' : 'cancel';
  if (migration.asked !== asked) throw illegal(migration, event.kind, `nobody asked to ${asked}`);
  if (event.kind === 'cancelled') return left(migration, { state: 'cancelled', goesOn: event.goesOn }, []);
  return left(migration, { state: 'paused', resumesTo: 'worker', returnsTo: state });
}

function wait(migration: Migration, stage: Stage, event: WorkerEvent & { kind: 'wait-began' }): Migration {
  const { for: reason, detail, code, checks = migration.checks } = event;
  const waiting = { state: 'waiting', for: reason, detail, ...(code && { code }), returnsTo: stage } as const;
  const asked = asAsked(migration, reason, stage);
  return asked ?? left({ ...migration, checks }, waiting);
}

/** What was asked meanwhile is done at once, where nobody else would confirm it. Undefined: nothing was asked. */
function asAsked(migration: Migration, resumesTo: WaitingReason, returnsTo: Stage): Migration | undefined {
  if (migration.asked === 'pause') return left(migration, { state: 'paused', resumesTo, returnsTo });
  if (migration.asked === null) return undefined;
  return left(migration, { state: 'cancelled', goesOn: mayGoOn(migration) }, []);
}

function left(migration: Migration, standing: Standing, locks = migration.locks): Migration {
  return { ...migration, standing, locks, asked: null, worker: null };
}

/** Nobody's instance is stopped or started who has asked before that to have it left. */
function enter(migration: Migration, next: Stage | 'succeeded'): Migration {
  if (next === 'succeeded') return left(migration, { state: 'succeeded' }, []);
  const asked = BREAKABLE.includes(next) ? undefined : asAsked(migration, 'worker', next);
  if (asked !== undefined) return asked;
  return { ...migration, standing: { state: next } };
}

/** A copy that does not come up is for a person to judge: the disks are as they were written. */
function prove(proved: Migration): Migration {
  return bootFailed(proved) ? proved : enter(proved, stageAfter(proved, 'proving'));
}

function requireAllLanded(migration: Migration): void {
  const missing = migration.images.findIndex(({ content }) => content.kind !== 'complete');
  if (missing >= 0) throw illegal(migration, 'transferred', `image ${missing} has not landed`);
}

function markVerified(migration: Migration): Migration {
  const images = migration.images.map((image) => {
    return image.content.kind === 'complete' ? { ...image, content: { ...image.content, verified: true } } : image;
  });
  return { ...migration, images };
}

function illegal({ id, standing }: Migration, kind: string, why?: string): ServiceError {
  return new ServiceError('illegal-transition', `${kind} does not fit ${id}: ${why ?? `it is ${standing.state}`}`);
}
