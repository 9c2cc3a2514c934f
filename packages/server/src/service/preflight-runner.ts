import type { RunPreflight } from '../api/parts.ts';
import { findInstance, findVolume, placesOf, type Place } from '../api/places/places.ts';
import { earlierSpeed } from '../preflight/earlier-speed.ts';
import { occupantOf } from '../preflight/occupant.ts';
import { preflight } from '../preflight/preflight.ts';
import type { Found, PreflightScene } from '../preflight/report.ts';
import { keepSights } from '../preflight/sights.ts';
import type { Base } from './base.ts';

/** A preflight over what this process can see: its own provider, and what workers elsewhere have reported. */
export function preflightRunner(base: Base): RunPreflight {
  const { stores, provider, openSource, log } = base;
  return async ({ request, secrets, signal }) => {
    let looked: Promise<readonly Place[]> | undefined;
    const places = () => (looked ??= placesOf(base));
    const scene: PreflightScene = {
      findVolume: async (id) => foundAt(findVolume(await places(), id)),
      findInstance: async (id) => foundAt(findInstance(await places(), id)),
      openSource: (source, image) => {
        return openSource(source, { secret: secrets[image] ?? null, connections: 1, hurried: true });
      },
      occupant: async (volume, signal) => provider && (await occupantOf(provider, volume, signal ? { signal } : {})),
      lockedBy: (resource) => stores.migrations.lockedBy(resource),
      measuredSpeed: (host) => earlierSpeed(stores, host),
      roomFor: async (volume, signal) => provider?.features.roomFor?.(volume, signal),
      ...(signal === undefined ? {} : { signal }),
    };
    const report = await preflight(request, scene);
    const { images, by } = request;
    await keepSights(stores.images, { images, report, by, migration: null }, (text) => log.warn(text));
    return report;
  };
}

function foundAt<Thing>(found: { readonly thing: Thing; readonly place: Place } | undefined): Found<Thing> | undefined {
  if (found === undefined) return undefined;
  const { thing, place } = found;
  const { provider, limits, traits, regions, reachable } = place;
  return { thing, provider, limits, traits, regions, reachable };
}
