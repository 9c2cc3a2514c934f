import type { InstanceTraits, InstanceView, VolumeView } from '@diskferry/protocol/schemas';
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

export function traitsView(traits: Place['traits']): InstanceTraits | null {
  if (traits === undefined) return null;
  const { bus, firmware, nic, interfaceName, tables, datasources, needsCloudInit, serial, architectures } = traits;
  return {
    bus,
    firmware: [...firmware],
    nic: nic ?? null,
    interfaceName: interfaceName ?? null,
    tables: [...tables],
    datasources: datasources === undefined ? null : [...datasources],
    needsCloudInit,
    serial,
    architectures: [...architectures],
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
