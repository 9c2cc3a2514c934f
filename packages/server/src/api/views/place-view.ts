import type { InstanceView, VolumeView } from '@diskferry/protocol/schemas';
import type { Instance, Volume } from '../../providers/provider.ts';
import type { Language } from '../language.ts';
import { obstacleOf } from '../places/obstacle.ts';
import type { Place } from '../places/places.ts';
import { notATarget } from '../texts/not-a-target.ts';

export function volumeView(volume: Volume, place: Place, language: Language): VolumeView {
  const { size, role, state, device, attachment } = volume;
  return {
    ...placedView(volume, place, language),
    size,
    role,
    state,
    device: device === undefined ? null : { path: device.path, name: device.name },
    attachment: attachment === undefined ? null : { ...attachment },
  };
}

export function instanceView(instance: Instance, place: Place, language: Language): InstanceView {
  const { firmware, cpus, memory, state, systemVolume, dataVolumes } = instance;
  return {
    ...placedView(instance, place, language),
    firmware,
    cpus,
    memory,
    state,
    systemVolume,
    dataVolumes: [...dataVolumes],
  };
}

function placedView(thing: Volume | Instance, place: Place, language: Language) {
  const { id, name, region, zone, heldBy } = thing;
  const code = obstacleOf(thing, place);
  return {
    id,
    name,
    region,
    zone,
    provider: place.provider,
    host: place.host,
    managedHere: place.here,
    heldBy: heldBy === undefined ? null : { ...heldBy },
    notATarget: code === undefined ? null : { code, reason: notATarget(code, { thing, place, language }) },
  };
}
