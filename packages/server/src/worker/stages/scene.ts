import { earlierSpeed } from '../../preflight/earlier-speed.ts';
import { occupantOf } from '../../preflight/occupant.ts';
import type { PreflightScene } from '../../preflight/report.ts';
import { ProviderError } from '../../providers/provider-error.ts';
import type { Work } from '../work.ts';

/** What a check of the worker looks at: its own provider, the store, and the sources with their secrets. */
export function sceneOf(work: Work, self: string): PreflightScene {
  const { shared } = work;
  const { provider, stores } = shared;
  const found = async <Thing>(asked: Promise<Thing>, signal?: AbortSignal) => {
    const thing = await whereFound(asked);
    if (thing === undefined) return undefined;
    const { name, limits, traits } = provider;
    return { thing, provider: name, limits, traits, regions: await provider.regions(signal), reachable: true };
  };
  return {
    self,
    signal: work.signal,
    findVolume: (id, signal) => found(provider.getVolume(id, signal), signal),
    findInstance: (id, signal) => found(provider.getInstance(id, signal), signal),
    openSource: async (source) => {
      const secret = source.credentials === null ? null : await stores.secrets.open(source.credentials);
      return await shared.openImageSource(source, { secret, connections: 1, hurried: true });
    },
    occupant: (volume, signal) => foreignOccupantOf(work, volume, signal),
    lockedBy: (resource) => stores.migrations.lockedBy(resource),
    measuredSpeed: (host) => earlierSpeed(stores, host),
    roomFor: async (volume, signal) => provider.features.roomFor?.(volume, signal),
  };
}

async function whereFound<Thing>(asked: Promise<Thing>): Promise<Thing | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof ProviderError && /^(volume|instance)-not-found$/.test(error.code)) return undefined;
    throw error;
  }
}

/** What this migration has written itself is nothing that could be lost. */
async function foreignOccupantOf(
  { shared, lease }: Work,
  volume: string,
  signal?: AbortSignal,
): Promise<string | null | undefined> {
  const image = lease.migration.images.find(({ target }) => target.volume === volume);
  if (image !== undefined && image.content.kind !== 'untouched') return null;
  return await occupantOf(shared.provider, volume, { holder: lease.id, ...(signal && { signal }) });
}
