import type { InstanceView, VolumeView } from '@diskferry/protocol/schemas';
import type { Instance, Volume } from '../../providers/provider.ts';
import type { Language } from '../language.ts';
import type { Place } from '../places/places.ts';
import { notATarget } from '../texts/not-a-target.ts';

export function volumeView(volume: Volume, place: Place, language: Language): VolumeView {
  const { size, role, state, attachment } = volume;
  return {
    ...placedView(volume, place, language),
    ...{ size, role, state },
    attachment: attachment === undefined ? null : { ...attachment },
  };
}

export function instanceView(instance: Instance, place: Place, language: Language): InstanceView {
  const { firmware, cpus, memory, state, systemVolume, dataVolumes } = instance;
  return {
    ...placedView(instance, place, language),
    ...{ firmware, cpus, memory, state, systemVolume },
    dataVolumes: [...dataVolumes],
  };
}

function placedView(thing: Volume | Instance, place: Place, language: Language) {
  const { id, name, region, zone, heldBy } = thing;
  const code = obstacleOf(thing, place);
  return {
    ...{ id, name, region, zone },
    provider: place.provider,
    host: place.host,
    managedHere: place.here,
    heldBy: heldBy === undefined ? null : { ...heldBy },
    notATarget: code === undefined ? null : { code, reason: notATarget(code, { thing, place, language }) },
  };
}

export type Obstacle = 'unusable' | 'held' | 'changing' | 'unreachable';

/** A guest that runs is none: it can be stopped. */
function obstacleOf({ unusable, heldBy, state }: Volume | Instance, { reachable }: Place): Obstacle | undefined {
  if (unusable !== undefined) return 'unusable';
  if (heldBy !== undefined) return 'held';
  if (state === 'changing') return 'changing';
  return reachable ? undefined : 'unreachable';
}
