import type { CreatedEvent } from './event.ts';
import { ServiceError } from '../base/errors.ts';
import type { Migration, Standing } from './migration.ts';
import { requirePrintable } from '../base/printable.ts';
import type { MigrationRequest } from './request.ts';

/** Refuses what no provider could make true. What a provider must be asked for is the preflight's. */
export function requireSound({ name, by, kind, images, options }: MigrationRequest): void {
  if (name.trim() === '') refuse('a migration needs a name');
  requirePrintable('name', name);
  requirePrintable('by', by);
  for (const label of options.labels) requirePrintable('label', label);
  for (const { source, target } of images) {
    requirePrintable('link', source.link);
    requirePrintable('target', `${target.volume}${target.instance ?? ''}`);
  }
  if (images.length === 0) refuse('a migration needs at least one image');
  const volumes = images.map(({ target }) => target.volume);
  const twice = volumes.find((volume, index) => volumes.indexOf(volume) !== index);
  if (twice !== undefined) refuse(`two images would land on the volume ${twice}`);
  const instances = new Set(images.map(({ target }) => target.instance));
  if (kind === 'instance' && (instances.size !== 1 || instances.has(null))) {
    refuse('all images of an instance migration must land on volumes of one instance');
  }
  if (options.startAfterwards && kind !== 'instance') refuse('only an instance migration can start an instance');
  if (options.proveBoot === 'always' && kind !== 'instance') {
    refuse('only of an instance migration it can be proved that it starts');
  }
  requireWhole('bandwidth', options.bandwidth ?? 1, 1);
  requireWhole('notBefore', options.notBefore ?? 0, 0);
  requireWhole('priority', options.priority, -1000, 1000);
}

function requireWhole(what: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  refuse(`${what} is ${value}; whole numbers from ${least} to ${most} are allowed`);
}

function refuse(message: string): never {
  throw new ServiceError('invalid-request', message);
}

/** The migration as its first event leaves it. */
export function newMigration({ id, createdAt, request }: CreatedEvent): Migration {
  requireSound(request);
  const { name, kind, options } = request;
  const images = request.images.map(({ source, target }) => {
    return { source, target, identity: null, size: null, content: { kind: 'untouched' } } as const;
  });
  const standing: Standing =
    options.notBefore === null
      ? { state: 'queued' }
      : { state: 'waiting', for: 'start-time', detail: null, returnsTo: 'checking' };
  return {
    id,
    name,
    kind,
    images,
    options,
    createdAt,
    createdBy: request.by,
    version: 1,
    standing,
    asked: null,
    worker: null,
    locks: [],
    ...(request.preflight === undefined ? {} : { preflight: request.preflight }),
    checks: [],
  };
}
