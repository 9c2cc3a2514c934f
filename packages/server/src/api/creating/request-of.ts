import type { PreflightInput } from '@diskferry/protocol/schemas';
import { requireSound } from '../../migrations/new-migration.ts';
import type { MigrationRequest } from '../../migrations/request.ts';
import type { Secret } from '../../secrets/secret.ts';
import type { Place } from '../places/places.ts';
import { splitSource } from './split-secret.ts';
import { resolveTarget } from './targets.ts';

/** A request of the store, and apart from it what is never written there. */
export interface Split {
  readonly request: MigrationRequest;
  /** One for each image. */
  readonly secrets: readonly (Secret | null)[];
}

interface Asker {
  readonly by: string;
  readonly places: readonly Place[];
}

/** @throws ServiceError `invalid-request`, before anybody is asked anything */
export function requestOf(input: PreflightInput, { by, places }: Asker): Split {
  const { name = 'preflight', kind, options = {} } = input;
  const parts = input.images.map(({ source, target }, index) => {
    const split = splitSource(source, `/images/${index}/source`);
    return { ...split, target: resolveTarget(places, target, `/images/${index}/target`) };
  });
  const images = parts.map(({ source, target }) => ({ source, target }));
  const request: MigrationRequest = { name, by, kind, images, options: { ...DEFAULTS, ...options, labels: [] } };
  requireSound(request);
  return { request, secrets: parts.map(({ secret }) => secret) };
}

const DEFAULTS = {
  runningInstance: 'refuse',
  startAfterwards: false,
  verify: 'written',
  proveBoot: 'auto',
  bandwidth: null,
  notBefore: null,
  priority: 0,
  accept: [],
} as const;
