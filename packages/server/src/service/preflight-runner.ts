import { describeOccupant } from '@diskferry/engine';
import type { RunPreflight } from '../api/parts.ts';
import { preflight } from '../preflight/preflight.ts';
import type { PreflightScene } from '../preflight/report.ts';
import { ProviderError } from '../providers/provider-error.ts';
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
      occupant: (volume) => occupantOf(provider, volume, signal),
      lockedBy: (resource) => stores.migrations.lockedBy(resource),
      measuredSpeed: async () => undefined,
      roomFor: async (volume, signal) => provider?.features.roomFor?.(volume, signal),
      ...(signal === undefined ? {} : { signal }),
    };
    return preflight(request, scene);
  };
}

/** Undefined where it cannot be looked at: it is managed elsewhere, or in use. */
async function occupantOf(
  provider: Base['provider'],
  volume: string,
  signal: AbortSignal | undefined,
): Promise<string | null | undefined> {
  if (provider === undefined) return undefined;
  try {
    await using target = await provider.openVolume(volume, signal === undefined ? {} : { signal });
    if (target.readBack === undefined) return undefined;
    const { isBlank, sentence } = await describeOccupant(target.readBack, signal);
    return isBlank ? null : sentence;
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}
