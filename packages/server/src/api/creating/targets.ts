import type { TargetInput } from '@diskferry/protocol/schemas';
import { ServiceError } from '../../base/errors.ts';
import type { ImageTarget } from '../../migrations/migration.ts';
import { findInstance, findVolume, type Place } from '../places/places.ts';

/** An instance stands for its system volume, and a volume for itself and the instance that it is attached to. */
export function resolveTarget(places: readonly Place[], { volume, instance }: TargetInput, at: string): ImageTarget {
  if (volume !== undefined) {
    // What the volume is attached to decides; one that nobody knows is the preflight's to refuse.
    const attachedTo = findVolume(places, volume)?.thing.attachment?.instance;
    return { volume, instance: attachedTo ?? instance ?? null };
  }
  if (instance === undefined) {
    throw new ServiceError('invalid-request', 'a target is a volume, or an instance for its system volume', { at });
  }
  const found = findInstance(places, instance);
  if (found !== undefined) return { volume: found.thing.systemVolume, instance };
  const message = `there is no instance ${JSON.stringify(instance)}`;
  throw new ServiceError('invalid-request', message, { at: `${at}/instance` });
}
