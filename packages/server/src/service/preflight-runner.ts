import type { RunPreflight } from '../api/parts.ts';
import { occupantOf } from '../preflight/occupant.ts';
import { preflight } from '../preflight/preflight.ts';
import type { PreflightScene } from '../preflight/report.ts';
import type { Base } from './base.ts';
import { Places } from './places.ts';

/** A preflight over what this process can see: its own provider, and what workers elsewhere have reported. */
export function preflightRunner({ stores, provider, openSource }: Base): RunPreflight {
  return ({ request, secrets, signal }) => {
    const places = new Places(provider, stores.fleet);
    const scene: PreflightScene = {
      findVolume: (id) => places.volume(id),
      findInstance: (id) => places.instance(id),
      openSource: (source, image) => {
        return openSource(source, { secret: secrets[image] ?? null, connections: 1, hurried: true });
      },
      occupant: async (volume, signal) => provider && (await occupantOf(provider, volume, signal ? { signal } : {})),
      lockedBy: (resource) => stores.migrations.lockedBy(resource),
      measuredSpeed: async () => undefined,
      roomFor: async (volume, signal) => provider?.features.roomFor?.(volume, signal),
      ...(signal === undefined ? {} : { signal }),
    };
    return preflight(request, scene);
  };
}
