import type { ProviderFeature } from '@diskferry/protocol';
import { featuresOf } from '../../providers/features-of.ts';
import type { Instance, Limits, Provider, Region, Volume } from '../../providers/provider.ts';
import type { ApiParts } from '../parts.ts';

/** What one provider has, as it is now, or as its worker last saw it. */
export interface Place {
  readonly provider: string;
  readonly host: string;
  /** Whether this process manages it. */
  readonly here: boolean;
  readonly reachable: boolean;
  readonly limits: Limits;
  /** What a system meets that starts there; undefined where its worker does not tell. */
  readonly traits: Provider['traits'] | undefined;
  readonly features: readonly ProviderFeature[];
  readonly regions: readonly Region[];
  readonly instances: readonly Instance[];
  readonly volumes: readonly Volume[];
}

/** Who was not seen for so long is not counted on. */
export const SEEN_WITHIN_MS = 60_000;

/** The provider of this process first, then those of others. */
export async function placesOf(parts: Pick<ApiParts, 'provider' | 'stores' | 'host'>): Promise<readonly Place[]> {
  const { provider, stores, host } = parts;
  const [inventories, workers] = await Promise.all([stores.fleet.inventories(), stores.fleet.workers(SEEN_WITHIN_MS)]);
  const seen = new Set(workers.map(({ id }) => id));
  const elsewhere = inventories.filter((inventory) => inventory.provider !== provider?.name);
  const others = elsewhere.map(({ worker, provider, host, features = [], ...inventory }) => {
    const { limits, traits, regions, instances, volumes } = inventory;
    const has = { limits, traits, features, regions, instances, volumes };
    return { provider, host, here: false, reachable: seen.has(worker), ...has };
  });
  return provider === undefined ? others : [await ownPlaceNow(provider, host), ...others];
}

async function ownPlaceNow(provider: Provider, host: string): Promise<Place> {
  const [regions, instances, volumes] = await Promise.all([
    provider.regions(),
    provider.listInstances(),
    provider.listVolumes(),
  ]);
  return { ...ownPlace(provider, { host }), regions, instances, volumes };
}

/** The provider of this process, without what it has. */
export function ownPlace(provider: Provider, { host }: { readonly host: string }): Place {
  const { name, limits, traits } = provider;
  const has = { limits, traits, features: featuresOf(provider), regions: [], instances: [], volumes: [] };
  return { provider: name, host, here: true, reachable: true, ...has };
}

interface Found<Thing> {
  readonly thing: Thing;
  readonly place: Place;
}

export function findVolume(places: readonly Place[], id: string): Found<Volume> | undefined {
  return firstOf(places, ({ volumes }) => volumes.find((volume) => volume.id === id));
}

export function findInstance(places: readonly Place[], id: string): Found<Instance> | undefined {
  return firstOf(places, ({ instances }) => instances.find((instance) => instance.id === id));
}

function firstOf<Thing>(places: readonly Place[], find: (place: Place) => Thing | undefined): Found<Thing> | undefined {
  for (const place of places) {
    const thing = find(place);
    if (thing !== undefined) return { thing, place };
  }
  return undefined;
}
